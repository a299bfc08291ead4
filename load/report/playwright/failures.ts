/**
 * Prints failures of tests if no other reporter does. Playwright's reporters print each error with the
 * code around it and the beginning of each attached text, which for a load is its table three times.
 */
import type { FullConfig, TestCase, TestError, TestResult } from '@playwright/test/reporter';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * Reporters that print failures. Each has this option to leave them out; that of the last one is
 * undocumented.
 */
const tellers = ['list', 'line', 'dot', 'failures'];

/** Whether one of Playwright's reporters prints the failures of this run. */
export function areToldElsewhere({ reporter }: Pick<FullConfig, 'reporter'>): boolean {
  return reporter.some(([name, options]) => tellers.includes(name) && !omitsFailures(options));
}

function omitsFailures(options: unknown): boolean {
  return (options as { omitFailures?: boolean } | undefined)?.omitFailures === true;
}

export function isFailed(test: TestCase, { status }: TestResult): boolean {
  return status !== 'skipped' && status !== 'interrupted' && status !== test.expectedStatus;
}

/** ` 1) [spike] › tests/shop.spec.ts:7:1 › takes 200 users`, in the format of Playwright's list reporter. */
export function failureTitle(test: TestCase, number: number): string {
  const [, project = '', , ...titles] = test.titlePath();
  const { file, line, column } = test.location;
  const where = `${relative(process.cwd(), file)}:${line}:${column}`;
  return `  ${number}) [${project}] › ${[where, ...titles].join(' › ')}`;
}

/**
 * The errors of a test that are not in `told`, each with its place. For a load the code around it is left
 * out; `withCode` adds it for other tests.
 */
export function errorTexts(
  { location: { file } }: TestCase,
  errors: readonly TestError[],
  { told, withCode }: { readonly told: readonly string[]; readonly withCode: boolean },
): string[] {
  return errors.flatMap((error) => {
    const message = plain(error.message ?? error.value ?? '');
    const rest = told.reduce((left, text) => left.replace(text, ''), message);
    // The prefix that `expect` adds to a message.
    if (rest.trim() === 'Error:' || rest.trim() === '') return [];
    const code = withCode && error.snippet !== undefined ? ['', plain(error.snippet)] : [];
    return [[rest.trim(), ...code, ...placeIn(file, error)].join('\n')];
  });
}

/** The line in the test itself, not in a function that it called. */
function placeIn(file: string, { stack = '', location }: TestError): string[] {
  const frame = stack.split('\n').find((line) => line.includes(`${file}:`));
  const own = frame && /:(\d+):(\d+)\)?$/.exec(frame);
  const shown = relative(process.cwd(), file);
  if (own) return [`    at ${shown}:${own[1]}:${own[2]}`];
  if (location === undefined) return [];
  return [`    at ${relative(process.cwd(), location.file)}:${location.line}:${location.column}`];
}

function plain(text: string): string {
  return stripVTControlCharacters(text);
}
