/** The summary page of a GitHub job: a file to which a step appends Markdown. */
import { appendFileSync, existsSync, statSync } from 'node:fs';
import { withContext } from '../../platform/words.ts';
import { bytesOf } from '../text/bounds.ts';

/** GitHub shows nothing of a larger summary. */
const mostBytes = 1024 * 1024;
const cutNote = '\n\n… and more than a summary on GitHub can hold: the reports have all of it.\n';

/**
 * Does nothing if the environment names no such file. Appends whole lines, as many as fit beside the
 * existing content. Throws if the file cannot be written to.
 */
export function appendStepSummary(
  environment: Readonly<Record<string, string | undefined>>,
  markdown: string,
): void {
  const path = environment['GITHUB_STEP_SUMMARY'];
  if (path === undefined || path === '') return;
  withContext(`GITHUB_STEP_SUMMARY=${path}`, () => {
    const room = mostBytes - (existsSync(path) ? statSync(path).size : 0);
    appendFileSync(path, linesWithin(`${markdown}\n`, room));
  });
}

/** As many lines as fit, with a note if some are missing; empty if there is no room for it. */
function linesWithin(text: string, room: number): string {
  if (bytesOf(text) < room) return text;
  const left = room - bytesOf(cutNote) - 1;
  if (left <= 0) return '';
  const kept = Buffer.from(text).subarray(0, left).toString('utf8');
  return kept.slice(0, Math.max(0, kept.lastIndexOf('\n'))) + cutNote;
}
