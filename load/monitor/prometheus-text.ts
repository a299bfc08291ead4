/**
 * Reads what a `/metrics` endpoint answers: Prometheus' text format 0.0.4 and OpenMetrics 1.0. Whatever
 * is not wholly understood is `unknown`: half an answer, or a page that says "please log in", must
 * never look like counters that stand at zero.
 */
import { readSampleLine, type MetricSample } from './prometheus-line.ts';

export type { MetricSample } from './prometheus-line.ts';

export interface Exposition {
  /** By name and labels, whatever their order. Of several values of a series the last. */
  readonly series: ReadonlyMap<string, MetricSample>;
  /** `counter`, `gauge`, `histogram`, …, by name of the metric family. */
  readonly types: ReadonlyMap<string, string>;
  readonly helps: ReadonlyMap<string, string>;
}

export interface Unknown {
  /** Why nothing is known. */
  readonly unknown: string;
}

/** Parses an answer. `contentType`: of the answer; OpenMetrics must end with `# EOF`. */
export function parseExposition(text: string, contentType = ''): Exposition | Unknown {
  const refusal = refusalOf(text, contentType);
  if (refusal !== undefined) return { unknown: refusal };
  const series = new Map<string, MetricSample>();
  const types = new Map<string, string>();
  const helps = new Map<string, string>();
  const isOpenMetrics = isOpenMetricsType(contentType) || hasEnd(text);
  const lines = text.split('\n');
  for (const [i, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '') continue;
    if (line.startsWith('#')) {
      readComment(line, types, helps);
      continue;
    }
    try {
      const sample = readSampleLine(line, isOpenMetrics ? 1000 : 1);
      series.set(seriesKey(sample), sample);
    } catch (error) {
      return { unknown: `line ${i + 1} is not understood: ${(error as Error).message}` };
    }
  }
  if (series.size === 0) return { unknown: 'it has no series' };
  return { series, types, helps };
}

/** The same for the same name and labels, in whatever order they are written. */
export function seriesKey({ name, labels }: Pick<MetricSample, 'name' | 'labels'>): string {
  const pairs = [...labels].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify([name, pairs]);
}

function refusalOf(text: string, contentType: string): string | undefined {
  if (text.trim() === '') return 'the answer is empty';
  if (/^\s*</.test(text)) return 'the answer is a page of HTML';
  // Every line ends, the last one too: one that does not was cut off, maybe within its number.
  if (!text.endsWith('\n') && !hasEnd(text)) return 'the answer breaks off within a line';
  const end = /^# EOF[ \t\r]*$/m.exec(text);
  if (end !== null && text.slice(end.index + end[0].length).trim() !== '') {
    return 'the answer goes on after # EOF';
  }
  if (isOpenMetricsType(contentType) && !hasEnd(text)) {
    return 'the answer breaks off: # EOF is missing';
  }
  return undefined;
}

function isOpenMetricsType(contentType: string): boolean {
  return contentType.toLowerCase().startsWith('application/openmetrics-text');
}

function hasEnd(text: string): boolean {
  return /(^|\n)# EOF[ \t\r]*\n?$/.test(text);
}

function readComment(line: string, types: Map<string, string>, helps: Map<string, string>): void {
  const match = /^#\s+(HELP|TYPE)\s+("(?:[^"\\]|\\.)*"|\S+)(?:\s+(.*))?$/.exec(line);
  if (match === null) return;
  const [, what, quoted = '', rest = ''] = match;
  const name = quoted.startsWith('"') ? unescaped(quoted.slice(1, -1)) : quoted;
  if (what === 'TYPE') types.set(name, rest);
  else helps.set(name, unescaped(rest));
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([\\n"])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
}
