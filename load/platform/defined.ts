/** `T` without what may be undefined in it: such a key is there with a value, or is not there. */
export type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> } & {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
};

/**
 * A copy of a plain object without the keys whose value is undefined, for types that tell a missing
 * key from an undefined one (`exactOptionalPropertyTypes`), and for files that shall not name it.
 * Only the object's own first level is looked at.
 *
 * @example
 * const request: Request = defined({ url, body: data === undefined ? undefined : text(data), name });
 */
export function defined<T extends object>(value: T): Defined<T> {
  const kept: Partial<T> = {};
  for (const key in value) if (value[key] !== undefined) kept[key] = value[key];
  return kept as Defined<T>;
}

/** The number, or undefined where a calculation on nothing made it NaN. */
export function known(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
