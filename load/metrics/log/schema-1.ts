/** Converts logs of schema 1 to the current schema, so that no other code has to know schema 1. */

/**
 * Converts the budgets and metrics of a plan of schema 1. The caller passes it in, since this folder
 * knows nothing of budgets.
 */
export type PlanOfSchema1 = (plan: Record) => Record;

export type Record = Readonly<{ [field: string]: unknown }>;

/** Whether the plan, as JSON, begins a log of schema 1. */
export function isOfSchema1(plan: unknown): boolean {
  return isRecord(plan) && plan['schema'] === 1;
}

/** Takes a line as JSON. Whether it belongs to an interval log is checked later by the schema. */
export function liftedFrom1(line: unknown, planOf: PlanOfSchema1): unknown {
  if (!isRecord(line)) return line;
  if (line['type'] === 'plan') return planOf(liftedPlan(line));
  return line['type'] === 'end' ? liftedEnd(line) : line;
}

function liftedPlan({ load = 1, ...plan }: Record): Record {
  return { ...plan, schema: 2, load };
}

/** In schema 1 the reason was coarser, and overflowed labels were only in the notes. */
function liftedEnd({ reason, ...end }: Record): Record {
  const { detail, notes } = end;
  const isOfBudget = String(detail).startsWith('abortOnFail: ');
  const causeOfAbort = isOfBudget ? 'budget-failed' : 'slice-lost';
  const overflowedLabels = (Array.isArray(notes) ? notes : []).flatMap(
    (note) => /^label (.+): more than \d+ values; /.exec(String(note))?.[1] ?? [],
  );
  return { ...end, cause: reason === 'aborted' ? causeOfAbort : reason, overflowedLabels };
}

function isRecord(value: unknown): value is Record {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
