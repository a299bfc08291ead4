/** The file of a test's history on one environment: a line per run, appended, committed by CI. */
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { historyLineSchema, historySchema, type HistoryLine } from './history.ts';

/** `<folder>/<environment>/history/<test id>.jsonl` */
export function historyPath(folder: string, environment: string, testId: string): string {
  return join(folder, environment, 'history', `${testId}.jsonl`);
}

/** Oldest first; none where there is no file. Throws with the path and the line that can't be read. */
export function readHistory(path: string): HistoryLine[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .map((text, index) => ({ text, where: `${path}:${index + 1}` }))
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, where }) => lineIn(text, where));
}

/** In one write, so that two runs at once leave two whole lines. */
export function appendHistory(path: string, line: HistoryLine): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(line)}\n`);
}

function lineIn(text: string, where: string): HistoryLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}; take the line out, or bring it back`, {
      cause: error,
    });
  }
  const parsed = historyLineSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(
    `${where}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'no line of a history'}; ` +
      `accepted are lines of schema ${historySchema}`,
  );
}
