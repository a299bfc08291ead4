/** What logs of schema 1 say, in the fields of today's schema: then nothing else knows that there was one. */

/**
 * Turns a budget as schema 1 has it into today's. It is given by whoever reads the log, since this folder
 * knows nothing of budgets.
 */
export type BudgetOfSchema1 = (budget: unknown, plan: Record) => unknown;

type Record = Readonly<{ [field: string]: unknown }>;

/** Whether the plan, as JSON, begins a log of schema 1. */
export function isOfSchema1(plan: unknown): boolean {
  return isRecord(plan) && plan['schema'] === 1;
}

/** Takes a line as JSON; whether it is one of an interval log, the schema says afterwards. */
export function liftedFrom1(line: unknown, budgetOf: BudgetOfSchema1): unknown {
  if (!isRecord(line)) return line;
  if (line['type'] === 'plan') return liftedPlan(line, budgetOf);
  return line['type'] === 'end' ? liftedEnd(line) : line;
}

function liftedPlan(plan: Record, budgetOf: BudgetOfSchema1): Record {
  const { load = 1, budgets } = plan;
  const lifted = Array.isArray(budgets) ? budgets.map((one) => budgetOf(one, plan)) : budgets;
  return { ...plan, schema: 2, load, budgets: lifted };
}

/** In schema 1 the reason was coarser, and labels that overflowed were told by notes alone. */
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
