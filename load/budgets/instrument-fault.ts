/** What a validity rule found wrong with the instrument, as data: reports render it. */
export interface InstrumentFault {
  readonly rule: ValidityRule;
  /** In the unit of the rule: shares 0 to 1, times in ms, counts. Missing: nobody recorded it. */
  readonly observed?: number | undefined;
  readonly limit: number;
  /** The figure, its limit and what to do. */
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
  /** Each makes the run invalid. */
  readonly invalid: readonly InstrumentFault[];
  /** Disturbances that leave the verdict standing. */
  readonly flags: readonly InstrumentFault[];
}

export const noFaults: InstrumentFaults = { invalid: [], flags: [] };

export function only(where: 'invalid' | 'flags', fault: InstrumentFault): InstrumentFaults {
  return { ...noFaults, [where]: [fault] };
}
