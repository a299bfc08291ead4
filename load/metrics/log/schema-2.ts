/** Converts logs of schema 2 to the current schema. They have no single requests. */

type Record = Readonly<{ [field: string]: unknown }>;

/** Takes a line as JSON. Lines of other schemas stay as they are. */
export function liftedFrom2(line: unknown): unknown {
  if (typeof line !== 'object' || line === null) return line;
  const { type, schema } = line as Record;
  return type === 'plan' && schema === 2 ? { ...line, schema: 3 } : line;
}
