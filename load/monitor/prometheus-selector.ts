/** Picks series out of an answer by name and labels. */
import type { Exposition, MetricSample } from './prometheus-text.ts';

/** Which series count: their name, and what their labels must be. Further labels are summed over. */
export interface Selector {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string | RegExp>>;
}

export function matches({ name, labels }: MetricSample, selector: Selector): boolean {
  if (name !== selector.name) return false;
  return Object.entries(selector.labels ?? {}).every(([label, wanted]) => {
    const value = labels.get(label) ?? '';
    return typeof wanted === 'string' ? value === wanted : wanted.test(value);
  });
}

export function selectSamples({ series }: Exposition, selector: Selector): MetricSample[] {
  return [...series.values()].filter((sample) => matches(sample, selector));
}
