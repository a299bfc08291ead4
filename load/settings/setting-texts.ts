/** The kinds of text that settings come as: what each accepts, and what is made of it. */
import { z } from 'zod';
import { commandWords } from '../platform/command-words.ts';
import { parseDurationMs, parseRatePerSecond } from '../platform/duration.ts';
import { parseSlice } from '../workload/slice.ts';
import { parseThinkTime } from '../workload/think-time.ts';

export const flag = z
  .enum(['0', '1'])
  .default('0')
  .transform((text) => text === '1');
export const wholeNumber = z
  .string()
  .regex(/^\d{1,9}$/, 'a whole number')
  .transform(Number);
export const durationText = checked((text) => parseDurationMs(text, ''));
export const rateText = checked((text) => parseRatePerSecond(text, ''));
export const thinkText = z.string().superRefine((text, context) => {
  try {
    parseThinkTime(text);
  } catch (error) {
    context.addIssue((error as Error).message);
  }
});

export const path = z.string().regex(/^\//, 'a path, from / on');
/** Without one it is the system's usual path. */
export const healthPath = z
  .string()
  .regex(/^(none$|\/)/, 'a path such as /health, or none')
  .optional()
  .describe('Path of the health endpoint, or `none`');
/** Where the suite itself can listen; a slash at the end is no path. */
export const loopbackAddress = z
  .string()
  .regex(
    /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):[1-9]\d{0,4}\/?$/,
    'an address of this machine such as http://127.0.0.1:4810',
  )
  .refine((text) => URL.canParse(text), 'a port up to 65535')
  .transform((text) => text.replace(/\/$/, ''));
/** Set to nothing is not set. */
export const nameOrNothing = z
  .string()
  .transform((text) => (text === '' ? undefined : text))
  .optional();
export const sliceText = z.string().transform((text, context) => {
  try {
    return parseSlice(text);
  } catch (error) {
    context.addIssue((error as Error).message.replace(/^slice ".*": /, ''));
    return z.NEVER;
  }
});

export function toCommand(text: string, context: z.RefinementCtx): readonly string[] {
  try {
    const words = commandWords(text);
    if (words.length > 0 && words[0] !== '') return words;
    context.addIssue('a program and its arguments');
  } catch (error) {
    context.addIssue((error as Error).message);
  }
  return z.NEVER;
}

function checked(convert: (text: string) => number) {
  return z.string().transform((text, context) => {
    try {
      const value = convert(text);
      if (value > 0) return text;
      context.addIssue('must be above 0');
    } catch (error) {
      context.addIssue((error as Error).message.replace(/^: /, ''));
    }
    return z.NEVER;
  });
}
