/** Reads interval logs back: line by line, each judged by the schema, a torn last line dropped. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { lineSchema, type LogLine } from './interval-log.ts';
import { ResultFold, type Result } from './result.ts';

/** Parses one line. Throws with the path and line number where it is not a line of this schema. */
export function parseLine(text: string, where: string): LogLine {
  const parsed = lineSchema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`${where}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'not understood'}`);
}

/**
 * Folds the interval log at `path` into a result. A torn last line (the process died while writing)
 * is dropped with a note; a broken line elsewhere throws, naming file and line.
 */
export async function readResult(path: string): Promise<Result> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let fold: ResultFold | undefined;
  let torn: { number: number; message: string } | undefined;
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (torn !== undefined) throw new Error(`${path}:${torn.number}: ${torn.message}`);
    if (text === '') continue;
    let line: LogLine;
    try {
      line = parseLine(text, `${path}:${number}`);
    } catch (error) {
      torn = { number, message: (error as Error).message };
      continue;
    }
    if (line.type === 'plan') fold = new ResultFold(line);
    else if (fold === undefined) throw new Error(`${path}: the first line is not a plan`);
    else if (line.type === 'interval') fold.addInterval(line);
    else fold.addEnd(line);
  }
  if (fold === undefined) throw new Error(`${path}: no plan in it; not an interval log`);
  if (torn !== undefined) fold.note(`last line (${torn.number}) was torn and is left out`);
  return fold.result();
}
