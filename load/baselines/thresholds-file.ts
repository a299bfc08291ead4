/**
 * `thresholds.json`: the tolerances of all comparisons, by system and metric. It is committed, so that
 * changes of what counts as a regression are reviewed. `toMatchBaseline` and the command `compare` read it.
 */
import { existsSync } from 'node:fs';
import { defined } from '../platform/defined.ts';
import { readJsonFile, refuseNewer } from '../platform/json-file.ts';
import { wrongFields } from '../platform/wrong-fields.ts';
import { thresholdsFileSchema, type Thresholds } from './tolerances.ts';

/** Raised when a reader of the old file would misread the new one. */
const thresholdsSchema = 1;

export const thresholdsName = 'thresholds.json';

/**
 * Empty if there is no such file, so that the defaults apply. Throws, with the path and each wrong field,
 * its value and what is accepted.
 */
export function readThresholds(path: string): Thresholds {
  if (!existsSync(path)) return {};
  const json = readJsonFile(path);
  refuseNewer((json as { schema?: unknown } | null)?.schema, thresholdsSchema, path);
  const parsed = thresholdsFileSchema.safeParse(json);
  if (!parsed.success) throw new Error(wrongFields(`${path}: `, parsed.error, json).join('\n'));
  const { tolerances, systems } = parsed.data;
  return defined({ tolerances, systems });
}
