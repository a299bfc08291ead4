/**
 * Plain figures: the results of a load test without its histograms and its plan. Files of earlier
 * pipelines, Locust's CSV and `results.json` are all converted to these before they are compared.
 */
import { basename } from 'node:path';
import { z } from 'zod';
import type { PlainFigures } from '../baselines/plain-rule.ts';
import { systemKey } from '../baselines/tolerances.ts';
import { defined } from '../platform/defined.ts';
import { refuseNewer } from '../platform/json-file.ts';
import { firstRepeated } from '../platform/lists.ts';
import { counted, cut } from '../platform/words.ts';
import { noMethod } from '../report/text/request-statistics.ts';

/** Further figures of the earlier pipelines. */
export interface PipelineFigures extends PlainFigures {
  readonly vectorTimeoutShare?: number;
  readonly sandboxViolations?: number;
}

export interface FiguresEntry {
  readonly test: string;
  /** The baseline's name for it, if the baseline has no figures of the test itself. */
  readonly system: string;
  /** The command that repeats it, if the file says what ran. */
  readonly rerun?: string;
  readonly figures: PipelineFigures;
  /** By name, with the method in front (`GET /orders`) if the file has it. */
  readonly tasks: ReadonlyMap<string, PipelineFigures>;
  /**
   * The requests by method and name, in a file whose `tasks` are the tasks of users. Empty if an older
   * version wrote the file.
   */
  readonly requests?: ReadonlyMap<string, PipelineFigures>;
  /** When they were measured, if the file says so. */
  readonly timestamp?: string;
  /** Why they must not be compared with, if the file says so. */
  readonly unfit?: string;
}

export interface FiguresFile {
  readonly path: string;
  readonly kind: 'plain figures' | 'results.json' | 'Locust CSV' | 'CSV by service';
  /** The run's id, if the file has it. */
  readonly runId?: string;
  readonly entries: readonly FiguresEntry[];
  /** Loads that say nothing about their system, and why: `shop-1-user: interrupted; left out`. */
  readonly unusable?: readonly string[];
  readonly notes: readonly string[];
}

/** `GET`, `/orders` → `GET /orders`. Protocols without methods have the name alone. */
export function requestKey(method: string, name: string): string {
  const isTold = name.startsWith(`${method} `);
  return method === '' || method === noMethod || isTold ? name : `${method} ${name}`;
}

const milliseconds = quantity('milliseconds, 0 or more');
const percentage = quantity('a percentage, 0 to 100', 100);
const count = quantity('a whole number, 0 or more').int({ error: 'a whole number, 0 or more' });
const users = z.union([z.string(), count], { error: 'a number of users, or text' });

/** Names and units in the source, each optional. A `null` is a figure that was not measured. */
const sourceShape = {
  baseline_users: users.nullish(),
  users: users.nullish(),
  avg_latency_ms: milliseconds.nullish(),
  median_latency_ms: milliseconds.nullish(),
  min_latency_ms: milliseconds.nullish(),
  max_latency_ms: milliseconds.nullish(),
  p95_latency_ms: milliseconds.nullish(),
  p99_latency_ms: milliseconds.nullish(),
  error_rate_pct: percentage.nullish(),
  rps: quantity('requests per second, 0 or more').nullish(),
  total_requests: count.nullish(),
  total_failures: count.nullish(),
  vector_timeout_rate_pct: percentage.nullish(),
  sandbox_violations: count.nullish(),
  timestamp: z.string({ error: 'a time as text' }).nullish(),
};
const acceptedFields = `accepted are ${Object.keys(sourceShape).join(' ')}`;
const sourceFigures = z.object(sourceShape);
type SourceFigures = Partial<z.infer<typeof sourceFigures>>;

function quantity(accepted: string, most?: number) {
  const known = z.number({ error: accepted }).min(0, { error: accepted });
  return most === undefined ? known : known.max(most, { error: accepted });
}

/** Raised when a reader of the old file would misread the new one. A file without it is of the first schema. */
const plainSchema = 1;

/**
 * Reads `{ "<system>": { "p95_latency_ms": 210, … } }`. Throws with the path, the field, its value and
 * what is accepted. An entry without figures is left out with a note.
 */
export function plainFigures(json: unknown, path: string): FiguresFile {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new Error(`${path}: accepted is an object with the figures of each system by its name`);
  }
  const { schema, ...systems } = json as Record<string, unknown>;
  refuseNewer(schema, plainSchema, path);
  refuseSameSystems(Object.keys(systems), path);
  const entries: FiguresEntry[] = [];
  const notes: string[] = [];
  for (const [name, value] of Object.entries(systems)) {
    if (hasFigures(value)) {
      const own = ofSource(value, `${path}: ${name}`);
      entries.push({ test: name, system: name, tasks: new Map(), ...own });
    } else if (holdsNumbers(value)) {
      const fields = cut(Object.keys(value).join(', '), 200);
      throw new Error(`${path}: ${name}: has ${fields}; ${acceptedFields}`);
    } else notes.push(`${basename(path)}: ${name} holds no figures and is left out`);
  }
  if (entries.length === 0) {
    throw new Error(`${path}: no figures in it; ${acceptedFields}`);
  }
  return { path, kind: 'plain figures', entries, notes };
}

/** For comparisons `web_shop` and `web-shop` are one system, so it would be unclear which is meant. */
function refuseSameSystems(names: readonly string[], path: string): void {
  const again = firstRepeated(names, systemKey);
  if (again === undefined) return;
  throw new Error(`${path}: ${again}: given twice; accepted are the figures of each system once`);
}

/** Figures under unknown names must not count as an entry without figures. */
function holdsNumbers(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((member) => typeof member === 'number');
}

function hasFigures(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.keys(value).some((key) => Object.hasOwn(sourceShape, key));
}

function ofSource(json: unknown, where: string): Pick<FiguresEntry, 'figures' | 'timestamp'> {
  const parsed = sourceFigures.safeParse(json);
  if (parsed.success) {
    const figures = checkedFigures(where, namedHere(parsed.data));
    return { figures, ...defined({ timestamp: parsed.data.timestamp ?? undefined }) };
  }
  const { path, message } = parsed.error.issues[0]!;
  const field = String(path[0]);
  const value = JSON.stringify((json as Record<string, unknown>)[field]);
  throw new Error(`${where}.${field}: ${value}; accepted is ${message}`);
}

function namedHere(source: z.infer<typeof sourceFigures>): LooseFigures {
  const users = source.baseline_users ?? source.users;
  return {
    users: users == null ? undefined : String(users),
    averageMs: source.avg_latency_ms,
    medianMs: source.median_latency_ms,
    p95Ms: source.p95_latency_ms,
    p99Ms: source.p99_latency_ms,
    requestsPerSecond: source.rps,
    requests: source.total_requests,
    failures: source.total_failures,
    errorShare: shareOf(source.error_rate_pct),
    vectorTimeoutShare: shareOf(source.vector_timeout_rate_pct),
    sandboxViolations: source.sandbox_violations,
  };
}

/** The figures with the source's names and units, in its order. Figures that were not measured are left out. */
export function namedThere(figures: PipelineFigures, timestamp: string): SourceFigures {
  const { users, vectorTimeoutShare, sandboxViolations } = figures;
  return defined({
    baseline_users: users === undefined || !/^\d+$/.test(users) ? users : Number(users),
    avg_latency_ms: rounded(figures.averageMs),
    median_latency_ms: rounded(figures.medianMs),
    p95_latency_ms: rounded(figures.p95Ms),
    p99_latency_ms: rounded(figures.p99Ms),
    error_rate_pct: percentOf(figures.errorShare),
    rps: rounded(figures.requestsPerSecond),
    total_requests: figures.requests,
    total_failures: figures.failures,
    vector_timeout_rate_pct: percentOf(vectorTimeoutShare),
    sandbox_violations: sandboxViolations,
    timestamp,
  });
}

/** Rounded to a thousandth, which is a microsecond. ∞ is left out, since JSON cannot hold it. */
function rounded(value: number | undefined): number | undefined {
  return value === undefined || value === Infinity ? undefined : Number(value.toFixed(3));
}

/** Two digits, as in the source, but never 0 if there were errors. */
function percentOf(share: number | undefined): number | undefined {
  if (share === undefined) return undefined;
  const percent = share * 100;
  return Number(percent < 1 ? percent.toPrecision(2) : percent.toFixed(2));
}

function shareOf(percent: number | null | undefined): number | undefined {
  return percent == null ? undefined : percent / 100;
}

type LooseFigures = {
  readonly [K in keyof PipelineFigures]: PipelineFigures[K] | null | undefined;
};

/** The stated error rate may be rounded: it must match the counts to a tenth of a point. */
const roundingShare = 0.001;

/**
 * The figures that are present. The error rate is computed from the counts if they are known. Throws if
 * they contradict each other or are based on fewer than `least` requests.
 */
export function checkedFigures(where: string, loose: LooseFigures, least = 2): PipelineFigures {
  const present = Object.entries(loose).filter(([, value]) => value != null);
  const figures: PipelineFigures = Object.fromEntries(present);
  const { requests, failures, errorShare } = figures;
  if (requests !== undefined && requests < least) {
    const few = counted(requests, 'request');
    throw new Error(`${where}: rests on ${few}; accepted are ${least} or more`);
  }
  if (requests === undefined || failures === undefined) return figures;
  if (failures > requests) {
    throw new Error(
      `${where}: ${counted(failures, 'failure')} of ${counted(requests, 'request')}; accepted are as many`,
    );
  }
  const share = failures / requests;
  if (errorShare !== undefined && Math.abs(errorShare - share) > roundingShare) {
    throw new Error(
      `${where}: an error rate of ${errorShare * 100} %, but ${failures} failures of ${requests} ` +
        `requests are ${Number((share * 100).toPrecision(3))} %; accepted is what agrees`,
    );
  }
  return { ...figures, errorShare: share };
}
