/** What a schema refuses, said as every edge says it: the field, its value, and what is accepted. */
import type { z } from 'zod';

/**
 * A line for each field that is wrong. `name` is what was read, and stands before the field's path. A
 * schema says what is accepted as its error, also for keys that it does not know.
 *
 * @example
 * wrongFields('users', schema.safeParse(input).error, input).join('\n');
 * // users.count: a whole number from 1 on (got 0)
 */
export function wrongFields(name: string, error: z.ZodError, input: unknown): string[] {
  return error.issues.flatMap((issue) => {
    const { path, message } = issue;
    const got = (at: readonly PropertyKey[]): string => `(got ${show(valueAt(input, at))})`;
    const field = [name, ...path].join('.');
    if (issue.code !== 'unrecognized_keys') return `${field}: ${message} ${got(path)}`;
    return issue.keys.map((key) => `${field}.${key}: unknown ${got([...path, key])}; ${message}`);
  });
}

/** For a schema's `error`: of keys that it does not know it says which it does. */
export function knownKeys(keys: readonly string[]) {
  return ({ code }: { readonly code?: string | undefined }): string | undefined =>
    code === 'unrecognized_keys' ? `accepted: ${keys.join(', ')}` : undefined;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | null | undefined)?.[key],
    input,
  );
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  return typeof value === 'number' ? String(value) : JSON.stringify(value);
}
