/** The target's key as most services take it, where there is one: `http: { headers: bearerKey }`. */
export function bearerKey({
  target,
}: {
  readonly target: { readonly key?: string | undefined };
}): Readonly<Record<string, string>> {
  return target.key === undefined ? {} : { authorization: `Bearer ${target.key}` };
}
