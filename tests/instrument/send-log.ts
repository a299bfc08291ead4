/** The reference gateway's own record of what it sent when, by completion. */
import { readFileSync } from 'node:fs';

interface SentLine {
  readonly id: string;
  readonly kind: string;
  readonly chunk?: number;
  readonly tokens?: number;
  readonly atEpochMs: number;
}

/** One completion: when its first and last tokens were sent, and how many tokens were sent. */
export interface SentStream {
  readonly firstTokenAtEpochMs: number;
  readonly interTokenMs: number;
  readonly tokens: number;
}

/** Complete after the service has ended. */
export function readSendLog(path: string): ReadonlyMap<string, SentStream> {
  const chunks = new Map<string, SentLine[]>();
  for (const text of readFileSync(path, 'utf8').trim().split('\n')) {
    const line = JSON.parse(text) as SentLine;
    if ((line.tokens ?? 0) === 0) continue;
    const own = chunks.get(line.id);
    if (own === undefined) chunks.set(line.id, [line]);
    else own.push(line);
  }
  return new Map([...chunks].map(([id, own]) => [id, streamOf(own)]));
}

function streamOf(chunks: readonly SentLine[]): SentStream {
  const [first, last] = [chunks[0]!.atEpochMs, chunks.at(-1)!.atEpochMs];
  const tokens = chunks.reduce((sum, { tokens = 0 }) => sum + tokens, 0);
  return { firstTokenAtEpochMs: first, interTokenMs: (last - first) / (tokens - 1), tokens };
}
