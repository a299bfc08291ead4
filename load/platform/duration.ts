/** Parses durations and rates such as `10m`, `1m 30s` or `200/s`. */

const millisecondsPer = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

export type DurationUnit = keyof typeof millisecondsPer;

/** `'250ms'`, `'10 s'`, `'1m30s'`, or a number of milliseconds. */
export type DurationText = `${number}${DurationUnit}` | `${number} ${DurationUnit}` | (string & {});

const durationPart = /^(\d+(?:\.\d+)?)\s*(us|ms|s|m|h)\s*/;

/**
 * Milliseconds of a duration. Accepts text (`250ms`, `10s`, `1m 30s`, `2h`) or a number of milliseconds.
 * `field` is named in the error. Throws on anything else, on negative values and on more than 30 days.
 */
export function parseDurationMs(value: unknown, field: string): number {
  const durationMs = typeof value === 'number' ? value : sumOfParts(String(value));
  if (durationMs === undefined || !(durationMs >= 0 && durationMs <= 30 * 24 * 3_600_000)) {
    throw new Error(
      `${field}: ${shown(value)} is no duration; ` +
        `accepted: 250ms, 10s, 1m 30s, 2h, or milliseconds as a number (0 to 30 days)`,
    );
  }
  return durationMs;
}

/** `undefined` if the text is not a duration. */
function sumOfParts(text: string): number | undefined {
  let rest = text.trim();
  let totalMs = 0;
  if (rest === '0') return 0;
  if (rest === '') return undefined;
  while (rest !== '') {
    const match = durationPart.exec(rest);
    if (!match) return undefined;
    totalMs += Number(match[1]) * millisecondsPer[match[2] as DurationUnit];
    rest = rest.slice(match[0].length);
  }
  return totalMs;
}

/** `'200/s'`, `'90/m'`, `'0.5/s'`. */
export type RateText = `${number}/${'s' | 'min' | 'm' | 'h'}` | (string & {});

const secondsPer = { s: 1, m: 60, min: 60, h: 3600 } as const;
const ratePattern = /^(\d+(?:\.\d+)?)\s*(?:\/\s*(s|min|m|h))?$/;

/** Events per second of a rate. Accepts `200/s`, `90/min`, `3600/h`; a bare number is per second. */
export function parseRatePerSecond(value: unknown, field: string): number {
  const perSecond = typeof value === 'number' ? value : perSecondOf(String(value));
  if (perSecond === undefined || !(perSecond >= 0 && perSecond <= 1e6)) {
    throw new Error(
      `${field}: ${shown(value)} is no rate; ` +
        `accepted: 200/s, 90/min, 3600/h, or a number per second (0 to 1000000)`,
    );
  }
  return perSecond;
}

/** `undefined` if the text is not a rate. */
function perSecondOf(text: string): number | undefined {
  const match = ratePattern.exec(text.trim());
  if (!match) return undefined;
  return Number(match[1]) / secondsPer[(match[2] ?? 's') as keyof typeof secondsPer];
}

/** Text in quotes; other values as they are, including NaN. */
function shown(value: unknown): string {
  return typeof value === 'string' ? JSON.stringify(value) : String(value);
}

/** `12.3 ms`, `4.56 s`, `10 min`: three significant digits, for readers and not for calculations. */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return ms > 0 ? '∞' : '–';
  if (ms < 0) return `-${formatMs(-ms)}`;
  if (ms < 1) return `${round3(ms * 1000)} µs`;
  if (ms < 1000) return `${round3(ms)} ms`;
  if (ms < 120_000) return `${round3(ms / 1000)} s`;
  return `${round3(ms / 60_000)} min`;
}

function round3(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
