/** Turns schema errors into messages in one form: the field, its value, and what is accepted. */
import type { z } from 'zod';

/**
 * A line for each wrong field, with its path. `name` is the input's name and is put before the path; a
 * file's path is followed by a colon. The schema's error messages say what is accepted, also for unknown
 * keys.
 * @example
 * wrongFields('users', schema.safeParse(input).error, input).join('\n');
 * // users.count: a whole number from 1 on (got 0)
 */
export function wrongFields(name: string, error: z.ZodError, input: unknown): string[] {
  const line = (at: readonly PropertyKey[], before: string, after = ''): string => {
    const field = [name, ...at].join('.').replace(/: \./, ': ');
    return `${field}: ${before} (got ${show(valueAt(input, at))})${after}`;
  };
  return error.issues.flatMap((issue) => {
    const { path, message } = issue;
    if (issue.code !== 'unrecognized_keys') return line(path, message);
    return issue.keys.map((key) => line([...path, key], 'unknown', `; ${message}`));
  });
}

/** For a schema's `error`: names the known keys if there are unknown ones. */
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
