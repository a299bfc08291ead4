/**
 * Tokens as the server counts them. A figure beside the answer: a usage that is missing, odd, or does not
 * count the completion yet costs that figure, never the answer.
 */
import { defined } from '../../platform/defined.ts';
import { isObject } from '../../platform/json-file.ts';

export interface ChatUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens: number;
  readonly completion_tokens_details?: { readonly reasoning_tokens: number };
}

/** A usage that counts the completion; `undefined` for anything else. Parts of it that are odd are left out. */
export function readUsage(value: unknown): ChatUsage | undefined {
  if (!isObject(value)) return undefined;
  const completion_tokens = countIn(value, 'completion_tokens');
  if (completion_tokens === undefined) return undefined;
  const reasoning_tokens = countIn(value['completion_tokens_details'], 'reasoning_tokens');
  return defined({
    prompt_tokens: countIn(value, 'prompt_tokens'),
    completion_tokens,
    completion_tokens_details: reasoning_tokens === undefined ? undefined : { reasoning_tokens },
  });
}

function countIn(value: unknown, name: string): number | undefined {
  const count = isObject(value) ? value[name] : undefined;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}
