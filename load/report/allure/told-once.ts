/**
 * A test's result for Allure, with each failure once. Playwright's result has it up to five times: the
 * message, the stack that repeats it, the table as text and as a picture, and a file for language models.
 * And Allure would show only the first of several errors.
 */
import type { TestError, TestResult } from '@playwright/test/reporter';
import { budgetsPictureName } from '../charts/budgets-picture.ts';
import { hiddenFacts, outcomeName } from './metadata.ts';
import { pairOutcomeName } from './pair-metadata.ts';

type Attachment = TestResult['attachments'][number];

/** Verdicts that are not in an error are put into the test's description. */
export function toldOnce(result: TestResult): TestResult {
  const errors = distinct(result.errors);
  const message = errors.map(messageOf).join('\n\n');
  const verdicts = result.attachments.filter(isVerdictText).map(textOf);
  const untold = verdicts.filter((text) => !message.includes(text));
  const told = [message, ...untold].join('\n\n');
  const attachments = outcomesFirst(result.attachments).filter((one) => !isToldBy(one, told));
  if (untold.length > 0) attachments.push(description(untold));
  if (errors.length === 0) return { ...result, attachments };
  const stack = errors.map(framesOf).join('\n').trim();
  const error = stack === '' ? { message } : { message, stack };
  return { ...result, attachments, error, errors: [error] };
}

/** Allure shows the first eight parameters and hides the others. */
function outcomesFirst(attachments: readonly Attachment[]): Attachment[] {
  const isOutcome = ({ name }: Attachment): boolean =>
    [outcomeName, pairOutcomeName].includes(name);
  return [...attachments.filter(isOutcome), ...attachments.filter((one) => !isOutcome(one))];
}

function distinct(errors: readonly TestError[]): TestError[] {
  return [...new Map(errors.map((error) => [messageOf(error), error])).values()];
}

function messageOf({ message, value }: TestError): string {
  return message ?? value ?? '';
}

/** The stack without the message. */
function framesOf({ message = '', stack = '' }: TestError): string {
  const at = stack.indexOf(message);
  return (at < 0 ? stack : stack.slice(at + message.length)).replace(/^\n+/, '');
}

function isToldBy(one: Attachment, told: string): boolean {
  const isPicture = one.contentType.startsWith('image/') && isNamed(one, budgetsPictureName);
  const isErrorAgain = one.name === 'error-context';
  const text = one.contentType === 'text/plain' ? textOf(one).trim() : '';
  return isPicture || isErrorAgain || (text !== '' && told.includes(text));
}

function isVerdictText(one: Attachment): boolean {
  const isNamedSo = ['budgets', 'pair'].includes(one.name);
  return one.contentType === 'text/plain' && isNamedSo && one.body !== undefined;
}

/** Further loads of a test have a number after the name. */
function isNamed({ name }: Attachment, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted} (`);
}

function textOf({ body }: Attachment): string {
  return body?.toString() ?? '';
}

function description(verdicts: readonly string[]): Attachment {
  // Indented, so that Markdown shows every character as it is.
  const text = verdicts.join('\n\n').replaceAll(/^/gm, '    ');
  return hiddenFacts('_allure description', {}, { description: text });
}
