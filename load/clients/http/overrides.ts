/**
 * Changes to every request of a user, made without changing the user's code: for example a gateway needs
 * extra headers, or a model refuses a field. They are applied in order, each to the result of the one
 * before.
 */
import type { HttpDefaults, RequestOverrides } from './http.ts';
import { isObject } from '../../platform/json-file.ts';
import { ownVersion } from '../../platform/version.ts';

const userAgent = `loadwright/${ownVersion}`;

/** The headers of each request of a user, names and values in turn. `stated` are those of its definition. */
export function baseHeaders(
  stated: Readonly<Record<string, string>>,
  overrides: HttpDefaults['overrides'] = [],
): readonly string[] {
  const named = new Map<string, readonly [name: string, value: string]>();
  named.set('user-agent', ['user-agent', userAgent]);
  for (const headers of [stated, ...overrides.map((one) => one.headers ?? {})]) {
    for (const [name, value] of Object.entries(headers)) {
      const key = name.toLowerCase();
      if (value === null) named.delete(key);
      else named.set(key, [name, value]);
    }
  }
  return [...named.values()].flat();
}

/** The content type of JSON that is sent; '' if it is removed. */
export function jsonTypeBy(overrides: readonly RequestOverrides[]): string {
  let type: string | null = 'application/json';
  for (const { headers = {} } of overrides) {
    for (const [name, value] of Object.entries(headers)) {
      if (name.toLowerCase() === 'content-type') type = value;
    }
  }
  return type ?? '';
}

/** The changed JSON value. Only objects can be changed. */
export function overridden(json: unknown, overrides: readonly RequestOverrides[]): unknown {
  if (!isObject(json)) return json;
  return overrides.reduce<unknown>(
    (value, { body }) => (body === undefined ? value : mergePatch(value, body)),
    json,
  );
}

/** RFC 7396. */
function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const members = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) members.delete(name);
    else members.set(name, mergePatch(members.get(name), value));
  }
  return Object.fromEntries(members);
}

/** The secrets of a target: its key, the user definition's secrets, and the values of these headers. */
export function targetSecrets(
  { key }: { readonly key?: string | undefined },
  users: readonly { readonly http: HttpDefaults; readonly secrets?: readonly string[] }[],
): readonly string[] {
  const headers = users.flatMap(({ http: { overrides = [] } }) =>
    overrides.flatMap((one) => Object.values(one.headers ?? {})),
  );
  const own = users.flatMap(({ secrets = [] }) => secrets);
  return [key, ...own, ...headers].filter((value) => typeof value === 'string');
}

/** A plan describes the overrides by the names of headers, and by the patches. */
export function describeOverrides({ overrides = [] }: Pick<HttpDefaults, 'overrides'>): {
  readonly headers: string | undefined;
  readonly body: string | undefined;
} {
  const names = overrides.flatMap(({ headers = {} }) =>
    Object.entries(headers).map(([name, value]) => (value === null ? `no ${name}` : name)),
  );
  const bodies = overrides.flatMap(({ body }) =>
    body === undefined ? [] : [JSON.stringify(body)],
  );
  const list = [...new Set(names.map((name) => name.toLowerCase()))].sort().join(', ');
  return {
    headers: list === '' ? undefined : list,
    body: bodies.length === 0 ? undefined : bodies.join(', then '),
  };
}
