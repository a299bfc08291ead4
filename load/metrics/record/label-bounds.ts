/** Limits the number of series: a label keeps a limited number of values, further ones count as `other`. */

/**
 * Labels multiply: three with 50 values each make 125 000 series. Above this number of combinations all
 * labels become `other`.
 */
const maxCombinations = 1000;
const otherCombination = { other: 'other' };

export class LabelBounds {
  private readonly values = new Map<string, Set<string>>();
  /** Names of labels with more values than are kept. */
  readonly overflowed = new Set<string>();
  private readonly combinations = new Set<string>();
  private hasTooManyCombinations = false;
  private readonly maxValues: number;

  constructor(maxValues: number) {
    this.maxValues = maxValues;
  }

  /** The labels sorted by name, with values above the limit replaced by `other`. */
  bound(labels: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
    const names = Object.keys(labels).sort();
    // Built from entries, since a label may have the name of an inherited property.
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
      // With more names than combinations, all labels of a request with a further name count as `other`.
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
