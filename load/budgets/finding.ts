/** What a validity rule found, as data: reports render it. */
export interface Finding {
  readonly rule: ValidityRule;
  /** In the unit of the rule: shares 0 to 1, times in ms, counts. */
  readonly observed: number;
  readonly limit: number;
  /** The figure, its limit and what to do. */
  readonly text: string;
  readonly atMs?: number | undefined;
}

export type ValidityRule =
  | 'utilisation'
  | 'loopDelay'
  | 'loopStall'
  | 'loopStalls'
  | 'scheduleLag'
  | 'generatorErrors'
  | 'accounting'
  | 'littlesLaw'
  | 'brokenOff'
  | 'slices';

export interface Findings {
  /** Each makes the run invalid. */
  readonly invalid: readonly Finding[];
  /** Disturbances that leave the verdict standing. */
  readonly flags: readonly Finding[];
}

export const noFindings: Findings = { invalid: [], flags: [] };

export function only(where: 'invalid' | 'flags', finding: Finding): Findings {
  return { ...noFindings, [where]: [finding] };
}
