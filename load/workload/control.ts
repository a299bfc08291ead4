/**
 * The control file of a run, `reports/<run id>/control.json`, with which a `custom` load is changed while
 * it runs. The load reads it once a second; a level in the file applies from then on.
 */
import { join } from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../platform/whole-file.ts';
import { wrongFields } from '../platform/wrong-fields.ts';
import { optionsOf, rate, userCount } from './edge.ts';

export const controlFile = 'control.json';

const controlSchema = optionsOf({
  users: userCount.optional(),
  rate: rate.optional(),
  stop: z.literal(true, 'accepted is true').optional(),
});

export interface Control {
  /** Closed model: the number of virtual users from now on. */
  readonly users?: number | undefined;
  /** Open model: the arrivals per second from now on. */
  readonly rate?: number | undefined;
  /** Ends the load, which then drains and is reported. */
  readonly stop?: true | undefined;
}

/** Parses the content of a control file. Throws with each field that is wrong. */
export function controlOf(content: unknown): Control {
  const parsed = controlSchema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new Error(wrongFields(controlFile, parsed.error, content).join('; '));
}

/**
 * Writes the control file of a run, whole or not at all. Throws if the content is wrong.
 * @example
 * writeControl('reports/latest', { users: 40 });
 */
export function writeControl(runFolder: string, control: Control): void {
  controlOf(control);
  writeWhole(join(runFolder, controlFile), `${JSON.stringify(control)}\n`);
}
