/**
 * `<SYSTEM>_HEADERS` and `<SYSTEM>_BODY`: a team's changes to all requests to its system, and the same in
 * code.
 */
import { z } from 'zod';
import type { RequestOverrides } from '../clients/http/http.ts';
import { defined } from '../platform/defined.ts';
import { systemVariables } from '../settings/system-variables.ts';
import { parsedBy, readVariables, type Environment } from '../settings/variables.ts';
import type { UserDefinition } from '../user/define-user.ts';

/** Headers that the HTTP client sets itself. */
const ownNames =
  /^(connection|content-length|expect|keep-alive|te|trailer|transfer-encoding|upgrade)$/i;
const token = /^[\w!#$%&'*+.^`|~-]+$/;
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

const headersSchema = z
  .record(
    z.string(),
    z.string().regex(fieldValue, 'a text with characters that a header cannot carry').nullable(),
  )
  .superRefine((headers, context) => {
    for (const name of Object.keys(headers)) {
      const message = !token.test(name)
        ? 'a name that no header has'
        : ownNames.test(name) && 'a header that the HTTP client sets itself';
      if (message !== false) context.addIssue({ code: 'custom', path: [name], message });
    }
  });
const patchSchema = z.record(z.string(), z.unknown());
const overridesShape = z.strictObject({
  headers: headersSchema.optional(),
  body: patchSchema.optional(),
});

/** Parses both variables of a system. Error messages do not show the value, since headers are secrets. */
export function overridesSchema(system: string) {
  const { headers, body } = systemVariables(system);
  const example = `a JSON object of names and texts, such as {"x-tenant": "a"}; null leaves a header out`;
  return z.object({
    [headers]: parsedBy((text) => objectIn(text, headersSchema, example)).optional(),
    [body]: parsedBy((text) =>
      objectIn(text, patchSchema, 'a JSON object, such as {"max_tokens": null, "seed": 7}'),
    ).optional(),
  });
}

/** The user with the changes of its system's variables. Throws if one of them is wrong. */
export function withDeclaredOverrides(
  user: UserDefinition,
  environment: Environment = process.env,
): UserDefinition {
  const { headers, body } = systemVariables(user.system);
  const given = readVariables(overridesSchema(user.system), environment);
  const declared = defined({ headers: given[headers], body: given[body] }) as RequestOverrides;
  return Object.keys(declared).length === 0 ? user : added(user, declared);
}

/**
 * A user, such as one of a preset, with changes to all of its requests. `headers` are added over its own;
 * null removes one, and their values are treated as secrets. `body` is a JSON merge patch (RFC 7396) for
 * each JSON object that it sends. `<SYSTEM>_HEADERS` and `<SYSTEM>_BODY` do the same from the
 * environment, and are applied after this. Throws if a header's name or value is not valid.
 * @example
 * const user = withOverrides(streamingUser, {
 *   headers: { 'x-portkey-provider': 'openai' },
 *   body: { max_tokens: null, max_completion_tokens: 150 },
 * });
 */
export function withOverrides<User extends { readonly http: UserDefinition['http'] }>(
  user: User,
  overrides: RequestOverrides,
): User {
  const checked = overridesShape.safeParse(overrides);
  if (!checked.success) throw new Error(`overrides: ${z.prettifyError(checked.error)}`);
  return added(user, overrides);
}

function added<User extends { readonly http: UserDefinition['http'] }>(
  user: User,
  overrides: RequestOverrides,
): User {
  const { http } = user;
  return { ...user, http: { ...http, overrides: [...(http.overrides ?? []), overrides] } };
}

/** An empty text counts as not set. */
function objectIn<T>(text: string, schema: z.ZodType<T>, accepted: string): T | undefined {
  if (text.trim() === '') return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text) as unknown;
  } catch {
    // The parser's own message would quote the text.
    throw new Error(`is no JSON; accepted is ${accepted}`);
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const [{ path, message }] = checked.error.issues as [z.core.$ZodIssue];
  throw new Error(`${path.join('.')}: ${message}; accepted is ${accepted}`);
}
