/**
 * Failures of tests on the console, where no other reporter tells them: Playwright's own print each error with
 * the code around it and a piece of each text that is attached, which for a load is its table three times over.
 */
import type { FullConfig, TestCase, TestError, TestResult } from '@playwright/test/reporter';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** Those that print failures; each leaves it with this option of theirs, the last of which is undocumented. */
const tellers = ['list', 'line', 'dot', 'failures'];

/** Whether a reporter of Playwright's tells the failures of this run. */
export function areToldElsewhere({ reporter }: Pick<FullConfig, 'reporter'>): boolean {
  return reporter.some(([name, options]) => tellers.includes(name) && !omitsFailures(options));
}

function omitsFailures(options: unknown): boolean {
  return (options as { omitFailures?: boolean } | undefined)?.omitFailures === true;
}

export function isFailed(test: TestCase, { status }: TestResult): boolean {
  return status !== 'skipped' && status !== 'interrupted' && status !== test.expectedStatus;
}

/** `  1) [spike] › tests/shop.spec.ts:7:1 › takes 200 users`, as Playwright's list begins a failure. */
export function failureTitle(test: TestCase, number: number): string {
  const [, project = '', , ...titles] = test.titlePath();
  const { file, line, column } = test.location;
  const where = `${relative(process.cwd(), file)}:${line}:${column}`;
  return `  ${number}) [${project}] › ${[where, ...titles].join(' › ')}`;
}

/**
 * The errors of a test without what `told` says already, each with its place. Of a load the code around it says
 * nothing; `withCode` is for tests of other kinds.
 */
export function errorTexts(
  { location: { file } }: TestCase,
  errors: readonly TestError[],
  { told, withCode }: { readonly told: readonly string[]; readonly withCode: boolean },
): string[] {
  return errors.flatMap((error) => {
    const message = plain(error.message ?? error.value ?? '');
    const rest = told.reduce((left, text) => left.replace(text, ''), message);
    // What `expect` puts before a message of ours.
    if (rest.trim() === 'Error:' || rest.trim() === '') return [];
    const code = withCode && error.snippet !== undefined ? ['', plain(error.snippet)] : [];
    return [[rest.trim(), ...code, ...placeIn(file, error)].join('\n')];
  });
}

/** The line of the test itself, whatever was called from there. */
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
