/** The summary page of a GitHub job: Markdown that a step appends to a file. */
import { appendFileSync } from 'node:fs';

/** Does nothing where the environment names no such file. Throws where it can't be written to. */
export function appendStepSummary(
  environment: Readonly<Record<string, string | undefined>>,
  markdown: string,
): void {
  const path = environment['GITHUB_STEP_SUMMARY'];
  if (path === undefined || path === '') return;
  try {
    appendFileSync(path, `${markdown}\n`);
  } catch (error) {
    throw new Error(`GITHUB_STEP_SUMMARY=${path}: ${(error as Error).message}`, { cause: error });
  }
}
