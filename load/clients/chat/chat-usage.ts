/**
 * Token counts as the server reports them. If a usage is missing, malformed or without completion tokens,
 * only these figures are missing; the answer still counts.
 */
import { defined } from '../../platform/defined.ts';
import { isObject } from '../../platform/json-file.ts';

export interface ChatUsage {
  readonly prompt_tokens?: number;
  readonly completion_tokens: number;
  readonly completion_tokens_details?: { readonly reasoning_tokens: number };
}

/** A usage that counts the completion's tokens; `undefined` for anything else. Malformed parts are left out. */
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
