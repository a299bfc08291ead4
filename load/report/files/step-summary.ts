/** The summary page of a GitHub job: Markdown that a step appends to a file. */
import { appendFileSync } from 'node:fs';
import { withContext } from '../../platform/words.ts';

/** Does nothing where the environment names no such file. Throws where it can't be written to. */
export function appendStepSummary(
  environment: Readonly<Record<string, string | undefined>>,
  markdown: string,
): void {
  const path = environment['GITHUB_STEP_SUMMARY'];
  if (path === undefined || path === '') return;
  withContext(`GITHUB_STEP_SUMMARY=${path}`, () => {
    appendFileSync(path, `${markdown}\n`);
  });
}
