/** A row of the fault matrix. */
export interface FaultRow {
  readonly row: number;
  readonly fault: string;
  readonly expected: string;
  /** Titles by file, which is named from tests/ on, without `.spec.ts`. */
  readonly shownBy: Readonly<Record<string, readonly string[]>>;
}

export function row(
  number: number,
  fault: string,
  expected: string,
  shownBy: FaultRow['shownBy'],
): FaultRow {
  return { row: number, fault, expected, shownBy };
}
