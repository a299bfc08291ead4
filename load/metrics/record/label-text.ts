/** Labels are text, as in budgets: `p95{turn=2}`. */

import { inspect } from 'node:util';
import { plainName } from '../../platform/words.ts';

export type LabelValue = string | number;

/** A label's value as text. Throws with the label, the value and what is accepted. */
export function labelText(name: string, value: unknown): string {
  if (typeof value === 'string') return plainName(value);
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw new Error(`label "${name}": ${inspect(value, { depth: 1 })}; accepted: a text or a number`);
}

export function labelTexts(labels: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, labelText(name, value)]),
  );
}
