/**
 * `jsonMetrics('/api/v1/metrics', …)`: levels and shares from a JSON document, each with its path. A
 * value that is missing or not a number is unknown; some services write `null` for that.
 */
import type { Ratio } from '../metrics/log/monitor-reading.ts';
import { defined } from '../platform/defined.ts';
import { fieldOf, parsedJson } from '../platform/json-file.ts';
import { nothingKnown, sourceOf, type Measured, type MonitorSource } from './source.ts';

/** The part in per cent, and the count that it refers to, both since the system started. */
interface ShareSinceStart {
  readonly percent: string;
  readonly of: string;
}

/**
 * `share('cache.hit_rate_percent', 'cache.total_reads')`: a share since the system's start, from two
 * paths in the document. The figure is the share within the span between two readings.
 */
export function share(percent: string, of: string): ShareSinceStart {
  return { percent, of };
}

/**
 * A path such as `database.pool_active` or `nodes.0.load`. `percent`: a level in per cent. `optional`: no
 * note is made if the system does not report it.
 */
type JsonFigure =
  string | { readonly percent: string } | { readonly optional: string } | ShareSinceStart;

export function jsonMetrics(
  path: string,
  figures: Readonly<Record<string, JsonFigure>>,
): MonitorSource {
  return sourceOf(path, (http) => {
    let before: Readonly<Record<string, Counted>> = {};
    return async () => {
      const { text } = await http.get(path);
      const { counted, ...measured } = figuresIn(text, figures, before);
      before = counted;
      return measured;
    };
  });
}

/** Reads each figure at its path. If the text is not JSON, all figures are unknown. */
function figuresIn(
  text: string,
  figures: Readonly<Record<string, JsonFigure>>,
  before: Readonly<Record<string, Counted>>,
): Measured & { counted: Record<string, Counted> } {
  const document = parsedJson(text);
  if (document === undefined) return { ...nothingKnown('the answer is not JSON'), counted: {} };
  const gauges: Record<string, number> = {};
  const ratios: Record<string, Ratio> = {};
  const counted: Record<string, Counted> = {};
  const unknown: Record<string, string> = {};
  for (const [figure, where] of Object.entries(figures)) {
    const path = pathOf(where);
    const value = valueAt(document, path);
    if (typeof where === 'object' && 'optional' in where && typeof value !== 'number') continue;
    if (typeof where === 'object' && 'of' in where) {
      const now = countedIn(value, valueAt(document, where.of), before[figure]);
      if (now === undefined) unknown[figure] = `${path} is ${shown(value)}`;
      else counted[figure] = now;
      const earlier = before[figure];
      const gained = now && earlier && gainedSince(earlier, now);
      if (gained !== undefined) ratios[figure] = gained;
    } else if (typeof value === 'number') {
      gauges[figure] = isInPercent(where) ? value / 100 : value;
    } else unknown[figure] = `${path} is ${shown(value)}`;
  }
  return defined({
    gauges,
    counted,
    ratios: Object.keys(ratios).length === 0 ? undefined : ratios,
    unknown: Object.keys(unknown).length === 0 ? undefined : unknown,
  });
}

function pathOf(where: JsonFigure): string {
  if (typeof where === 'string') return where;
  return 'optional' in where ? where.optional : where.percent;
}

function isInPercent(where: JsonFigure): boolean {
  return typeof where === 'object' && 'percent' in where;
}

function valueAt(document: unknown, path: string): unknown {
  return path.split('.').reduce(fieldOf, document);
}

function shown(value: unknown): string {
  return value === undefined ? 'not there' : JSON.stringify(value).slice(0, 60);
}

interface Counted {
  readonly part: number;
  readonly whole: number;
  /** The most decimals that the percentage has had so far. */
  readonly decimals: number;
}

/**
 * The count since the system started. With a total of 0 the share is ignored. `undefined` if it is not
 * reported.
 */
function countedIn(
  percent: unknown,
  of: unknown,
  before: Counted | undefined,
): Counted | undefined {
  const { decimals = 0 } = before ?? {};
  if (of === 0) return { part: 0, whole: 0, decimals };
  if (typeof percent !== 'number' || typeof of !== 'number') return undefined;
  const most = Math.max(decimals, decimalsOf(percent));
  return { part: (percent / 100) * of, whole: of, decimals: most };
}

/** `undefined` if the system started to count from 0 again. */
function gainedSince(before: Counted, after: Counted): Ratio | undefined {
  const whole = after.whole - before.whole;
  if (whole < 0) return undefined;
  // Not limited to the range from 0 to the total, since a rounding error in one span cancels out in the
  // next.
  const part = after.part - before.part;
  return {
    part,
    whole,
    rounded: { decimals: after.decimals, before: before.whole, after: after.whole },
  };
}

function decimalsOf(value: number): number {
  const [, fraction = '', exponent = '0'] =
    /^[^.e]*(?:\.(\d+))?(?:e(.+))?$/.exec(String(value)) ?? [];
  return Math.max(0, fraction.length - Number(exponent));
}
