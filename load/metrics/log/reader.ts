/** Reads interval logs back: line by line, each judged by the schema, a torn last line dropped. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { lineSchema, type LogLine } from './schema.ts';
import { ResultFold, type Result } from '../result/result.ts';

/** Parses one line. Throws with the place (`where`) if it is not a line of this schema. */
export function parseLine(text: string, where: string): LogLine {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
  }
  const parsed = lineSchema.safeParse(json);
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
  let torn: { number: number; error: unknown } | undefined;
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (text === '') continue;
    if (torn !== undefined) throw torn.error;
    let line: LogLine;
    try {
      line = parseLine(text, `${path}:${number}`);
    } catch (error) {
      torn = { number, error };
      continue;
    }
    if (fold !== undefined) addLine(fold, line, `${path}:${number}`);
    else if (line.type === 'plan') fold = new ResultFold(line);
    else throw new Error(`${path}: the first line is not a plan`);
  }
  if (fold === undefined) throw new Error(`${path}: no plan in it; not an interval log`);
  if (torn !== undefined) fold.note(`last line (${torn.number}) was torn and is left out`);
  return fold.result();
}

function addLine(fold: ResultFold, line: LogLine, where: string): void {
  if (line.type === 'interval') fold.addInterval(line);
  else if (line.type === 'end') fold.addEnd(line);
  else throw new Error(`${where}: a second plan; one file holds one log`);
}
