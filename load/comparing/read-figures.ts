/** Reads plain figures out of whatever file holds them. */
import { locustFigures } from './locust-csv.ts';
import { plainFigures, type FiguresFile } from '../baselines/plain-figures.ts';
import { readJsonFile, readTextFile } from '../baselines/read-json.ts';
import { isResults, resultsFigures } from './results-figures.ts';

/**
 * A Locust `_stats.csv`, a `results.json`, or plain figures by system, told apart by ending and content.
 * `system` names the one that a CSV is of. Throws with the path and what is accepted.
 */
export function readFigures(path: string, system?: string): FiguresFile {
  if (/\.csv$/i.test(path)) return locustFigures(readTextFile(path), path, system);
  const json = readJsonFile(path);
  return isResults(json) ? resultsFigures(json, path) : plainFigures(json, path);
}
