/** `T` with `undefined` removed from its values: a key has a value or is missing. */
export type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> } & {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
};

/**
 * A copy of a plain object without the keys whose value is undefined. For types that distinguish a
 * missing key from an undefined one (`exactOptionalPropertyTypes`), and for files. Nested objects are not
 * changed.
 * @example
 * const request: Request = defined({ url, body: data === undefined ? undefined : text(data), name });
 */
export function defined<T extends object>(value: T): Defined<T> {
  const kept: Partial<T> = {};
  for (const key in value) if (value[key] !== undefined) kept[key] = value[key];
  return kept as Defined<T>;
}

/** The number, or undefined if it is NaN because it was computed from nothing. */
export function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
