/** How late 300 streams of 50 tokens/s see their first token, compared with a process that only reads. */
import { measureIn, withServer } from './child.ts';
import { median, type Part } from './part.ts';

const rounds = 3;
const readers = ['engine', 'bare'] as const;

/** From the server's sending to the reader's time stamp, in ms. */
export interface Lateness {
  readonly streams: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export const benchFirstTokens: Part = async (say) => {
  const lateness: Record<(typeof readers)[number], Lateness[]> = { engine: [], bare: [] };
  await withServer('stream-server', async (url) => {
    for (let round = 1; round <= rounds; round++) {
      for (const name of readers) {
        lateness[name].push(await measureIn<Lateness>('stream-readers', [name, url]));
      }
    }
  });
  const of = (name: (typeof readers)[number], figure: 'p50Ms' | 'p99Ms'): number =>
    median(lateness[name].map((round) => round[figure]));
  const figures = (name: (typeof readers)[number]): string =>
    `${of(name, 'p50Ms').toFixed(2)} ms (median) and ${of(name, 'p99Ms').toFixed(2)} ms (p99)`;
  say(
    `300 chats streamed at a time: the first token is seen ${figures('engine')} after it was sent; ` +
      `by sockets that only read, ${figures('bare')}`,
  );
  const beyond = of('engine', 'p99Ms') - of('bare', 'p99Ms');
  const what = 'TTFT at p99, beyond what bare sockets see';
  return { lateness, bounds: [{ what, value: beyond, limit: 2, unit: 'ms' }] };
};
