import { defined } from '../platform/defined.ts';

/** The target's key, if there is one, as a bearer token: `http: { headers: bearerKey }`. */
export function bearerKey({
  target,
}: {
  readonly target: { readonly key?: string | undefined };
}): Readonly<Record<string, string>> {
  return defined({ authorization: target.key === undefined ? undefined : `Bearer ${target.key}` });
}
