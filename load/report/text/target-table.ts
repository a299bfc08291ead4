/** Tables of the system's levels before the load, at most, and after the drain; plain text and Markdown. */
import { differenceText, figureText, type Dimension } from '../../metrics/figure-text.ts';
import { reachedMs } from '../../budgets/accounting.ts';
import { readingsOf } from '../../metrics/result/readings.ts';
import type { Reading } from '../../metrics/log/monitor-reading.ts';
import type { Result } from '../../metrics/result/result.ts';
import { defined } from '../../platform/defined.ts';
import { markdownTable } from './markdown.ts';
import { figures, textTable, words } from './text-table.ts';

export interface TargetLevel {
  readonly figure: 'targetMemory' | 'targetDescriptors';
  /** Where it was read. Missing if it was not reported. */
  readonly source?: string;
  /** Why it is unknown. */
  readonly unknown?: string;
  /** In bytes, or a number. Each is missing if its reading failed. */
  readonly before?: number;
  readonly highest?: number;
  readonly after?: number;
}

const told: readonly { figure: TargetLevel['figure']; name: string; dimension: Dimension }[] = [
  { figure: 'targetMemory', name: 'memory', dimension: 'bytes' },
  { figure: 'targetDescriptors', name: 'descriptors', dimension: 'number' },
];

/** Empty if none of them was monitored. */
export function targetLevels(result: Result): TargetLevel[] {
  return told.flatMap(({ figure }): TargetLevel[] => {
    const readings = readingsOf(result, figure);
    const source = readings[0]?.source;
    if (source === undefined) {
      const reasons = result.readings.map(({ unknown = {} }) => unknown[figure]);
      const unknown = reasons.find((reason) => reason !== undefined);
      return unknown === undefined ? [] : [{ figure, unknown }];
    }
    const levelAt = (reading: Reading | undefined) => reading?.gauges?.[figure];
    const before = levelAt(readings.findLast(({ toMs }) => toMs <= 0));
    const last = readings.findLast(({ toMs }) => toMs >= reachedMs(result));
    const after = result.end === undefined ? undefined : levelAt(last);
    const highest = Math.max(...readings.map((reading) => levelAt(reading) ?? -Infinity));
    return [defined({ figure, source, highest, before, after })];
  });
}

const columns = [
  ...words('target'),
  ...figures('before the load', 'highest', 'after the drain', 'change'),
  ...words('read from'),
];

export function targetText(levels: readonly TargetLevel[]): string {
  return levels.length === 0 ? '' : textTable(columns, levels.map(rowOf), 120).join('\n');
}

export function targetMarkdown(levels: readonly TargetLevel[]): string {
  return levels.length === 0 ? '' : markdownTable(columns, levels.map(rowOf));
}

function rowOf({ figure, source, unknown, before, highest, after }: TargetLevel): string[] {
  const { name, dimension } = told.find((one) => one.figure === figure)!;
  if (source === undefined) return [name, '–', '–', '–', '–', `not visible: ${unknown ?? ''}`];
  const change = before === undefined || after === undefined ? undefined : after - before;
  return [
    name,
    ...[before, highest, after].map((level) => figureText(level, dimension)),
    differenceText(change, dimension),
    source,
  ];
}
