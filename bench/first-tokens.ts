/** How late 300 streams of 50 tokens/s see their first token, and how late a process sees it that only reads. */
import type { Bound } from './bounds.ts';
import { startChild, startServer } from './child.ts';

const rounds = 3;
const readers = ['engine', 'bare'] as const;

/** From the server's sending to the reader's time stamp, in ms. */
export interface Lateness {
  readonly streams: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface FirstTokenFigures {
  readonly lateness: Readonly<Record<(typeof readers)[number], readonly Lateness[]>>;
  readonly bounds: readonly Bound[];
}

/** `say` takes a line for the reader. */
export async function benchFirstTokens(say: (line: string) => void): Promise<FirstTokenFigures> {
  const { url, child: server } = await startServer('stream-server');
  const lateness: Record<(typeof readers)[number], Lateness[]> = { engine: [], bare: [] };
  for (let round = 1; round <= rounds; round++) {
    for (const name of readers) {
      lateness[name].push((await startChild('stream-readers', [name, url]).message) as Lateness);
    }
  }
  server.kill();
  const of = (name: (typeof readers)[number], figure: 'p50Ms' | 'p99Ms'): number =>
    lateness[name].map((round) => round[figure]).sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
  const figures = (name: (typeof readers)[number]): string =>
    `${of(name, 'p50Ms').toFixed(2)} ms (median) and ${of(name, 'p99Ms').toFixed(2)} ms (p99)`;
  say(
    `300 chats streamed at a time: the first token is seen ${figures('engine')} after it was sent; ` +
      `by sockets that only read, ${figures('bare')}`,
  );
  const beyond = of('engine', 'p99Ms') - of('bare', 'p99Ms');
  const what = 'TTFT at p99, beyond what bare sockets see';
  return { lateness, bounds: [{ what, value: beyond, limit: 2, unit: 'ms' }] };
}
