/** Keeps the number of series bounded: a label has so many distinct values, the rest is `other`. */

/** Labels multiply: three of 50 values make 125 000 series. Past so many all labels are one `other`. */
const maxCombinations = 1000;
const otherCombination = { other: 'other' };

export class LabelBounds {
  private readonly values = new Map<string, Set<string>>();
  /** Names of labels that took more values than are kept apart. */
  readonly overflowed = new Set<string>();
  private readonly combinations = new Set<string>();
  private hasTooManyCombinations = false;
  private readonly maxValues: number;

  constructor(maxValues: number) {
    this.maxValues = maxValues;
  }

  /** The labels in the order of their names, values past the bound replaced by `other`. */
  bound(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const names = Object.keys(labels).sort();
    // From entries: a label may bear the name of what every object inherits.
    const bounded = Object.fromEntries(
      names.map((name) => [name, this.boundValue(name, labels[name] ?? '')]),
    );
    const key = JSON.stringify(bounded);
    if (this.combinations.has(key)) return bounded;
    if (this.combinations.size >= maxCombinations) {
      this.hasTooManyCombinations = true;
      return otherCombination;
    }
    this.combinations.add(key);
    return bounded;
  }

  notes(): string[] {
    const notes = [...this.overflowed].map(
      (name) => `label ${name}: more than ${this.maxValues} values; the rest counts as "other"`,
    );
    if (!this.hasTooManyCombinations) return notes;
    const text = `labels: more than ${maxCombinations} combinations; the rest counts as "other"`;
    return [...notes, text];
  }

  private boundValue(name: string, value: string): string {
    let known = this.values.get(name);
    if (known === undefined) {
      // More names than combinations: whatever bears one more is counted as `other` as a whole.
      if (this.values.size >= maxCombinations) return 'other';
      this.values.set(name, (known = new Set()));
    }
    if (known.has(value)) return value;
    if (known.size >= this.maxValues) {
      this.overflowed.add(name);
      return 'other';
    }
    known.add(value);
    return value;
  }
}
