/** A problem that a validity rule found with the load generator, as data for the reports. */
export interface InstrumentFault {
  readonly rule: ValidityRule;
  /** In the unit of the rule: shares from 0 to 1, times in ms, counts. Missing if it was not recorded. */
  readonly observed?: number | undefined;
  readonly limit: number;
  /** The figure, its limit and what to do about it. */
  readonly text: string;
  readonly atMs?: number | undefined;
}

export type ValidityRule =
  | 'utilisation'
  | 'loopDelay'
  | 'loopStall'
  | 'generatorLag'
  | 'generatorErrors'
  | 'accounting'
  | 'notStarted'
  | 'littlesLaw'
  | 'brokenOff'
  | 'slices';

export interface InstrumentFaults {
  /** Each of them makes the run invalid. */
  readonly invalid: readonly InstrumentFault[];
  /** Disturbances that do not change the verdict. */
  readonly flags: readonly InstrumentFault[];
}

export const noFaults: InstrumentFaults = { invalid: [], flags: [] };

export function only(where: 'invalid' | 'flags', fault: InstrumentFault): InstrumentFaults {
  return { ...noFaults, [where]: [fault] };
}
