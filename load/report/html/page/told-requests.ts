/** Single requests of a load, unpacked, and those of a moment. */
import type { PackedRequests, Span } from '../page-data.ts';

export interface ToldRequest {
  readonly scheduledMs: number;
  /** The wait before it was sent; undefined if it was never sent. */
  readonly waitMs: number | undefined;
  /** From when it was due to its end; undefined if it never ended. */
  readonly tookMs: number | undefined;
  readonly task: string;
  readonly request: string;
  readonly outcome: string;
  readonly isSlowest: boolean;
  readonly isSampled: boolean;
  readonly user: number | undefined;
  readonly kind: string | undefined;
  readonly detail: string;
  readonly trace: string;
  readonly labels: string;
  readonly ttftMs: number | undefined;
  readonly tokens: number | undefined;
}

export function unpacked({ names, rows }: PackedRequests): ToldRequest[] {
  return rows.map((row) => {
    const [scheduledMs = 0, waitMs, tookMs, task, request, outcome, reasons = 0, user, ...rest] =
      row;
    const [kind, detail, trace, labels, ttftMs, tokens] = rest;
    return {
      scheduledMs,
      waitMs: known(waitMs),
      tookMs: known(tookMs),
      task: names[task!] ?? '',
      request: names[request!] ?? '',
      outcome: names[outcome!] ?? '',
      isSlowest: (reasons & 1) > 0,
      isSampled: (reasons & 4) > 0,
      user: known(user),
      kind: names[kind ?? -1],
      detail: names[detail ?? -1] ?? '',
      trace: names[trace ?? -1] ?? '',
      labels: names[labels ?? -1] ?? '',
      ttftMs: known(ttftMs),
      tokens: known(tokens),
    };
  });
}

function known(value: number | undefined): number | undefined {
  return value === undefined || value < 0 ? undefined : value;
}

/** The requests that were running, ended or failed at that moment; failed ones first, then the slowest. */
export function requestsOf(requests: readonly ToldRequest[], [fromMs, toMs]: Span): ToldRequest[] {
  const own = requests.filter(({ scheduledMs, tookMs = 0 }) => {
    return scheduledMs < toMs && scheduledMs + tookMs >= fromMs;
  });
  const rank = ({ outcome, tookMs = 0 }: ToldRequest): number =>
    (outcome === 'ok' ? 0 : 1e12) + tookMs;
  return own.sort((a, b) => rank(b) - rank(a));
}
