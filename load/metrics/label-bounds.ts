/** Keeps the number of series bounded: a label has so many distinct values, the rest is `other`. */
export class LabelBounds {
  private readonly values = new Map<string, Set<string>>();
  private readonly overflowed = new Set<string>();
  private readonly maxValues: number;

  constructor(maxValues: number) {
    this.maxValues = maxValues;
  }

  /** The labels in the order of their names, values past the bound replaced by `other`. */
  bound(labels: Readonly<Record<string, string>>): Record<string, string> {
    const bounded: Record<string, string> = {};
    for (const name of Object.keys(labels).sort()) {
      bounded[name] = this.boundValue(name, labels[name] ?? '');
    }
    return bounded;
  }

  notes(): string[] {
    return [...this.overflowed].map(
      (name) => `label ${name}: more than ${this.maxValues} values; the rest counts as "other"`,
    );
  }

  private boundValue(name: string, value: string): string {
    let known = this.values.get(name);
    if (known === undefined) this.values.set(name, (known = new Set()));
    if (known.has(value)) return value;
    if (known.size >= this.maxValues) {
      this.overflowed.add(name);
      return 'other';
    }
    known.add(value);
    return value;
  }
}
