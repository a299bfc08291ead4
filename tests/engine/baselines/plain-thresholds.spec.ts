import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MetricComparison } from '../../../load/baselines/comparison.ts';
import { comparePlain, plainRules } from '../../../load/baselines/plain-comparison.ts';
import type { FiguresFile, PlainFigures } from '../../../load/baselines/plain-figures.ts';
import { plainThresholdRule } from '../../../load/baselines/plain-thresholds.ts';
import { readFigures } from '../../../load/baselines/read-figures.ts';

const kept = fileURLToPath(new URL('kept', import.meta.url));
const baseline = readFigures(join(kept, 'source-baseline.json'));
const progressive = readFigures(join(kept, 'source-progressive.json'));

interface Expected {
  readonly expected: { readonly plain_threshold_rule: Record<'critical' | 'pass', string[]> };
}

const sourceNames: Readonly<Record<string, string>> = {
  ...{ errorRate: 'error_rate_pct', throughput: 'rps', p95: 'p95_latency_ms' },
};

function named(comparisons: readonly MetricComparison[], verdict: string): string[] {
  return comparisons
    .filter((one) => one.verdict === verdict)
    .map(({ test: system, metric }) => `${system}.${sourceNames[metric] ?? metric}`);
}

test('the known answers of the source', () => {
  const text = readFileSync(join(kept, 'source-progressive.json'), 'utf8');
  const known = (JSON.parse(text) as Expected).expected.plain_threshold_rule;
  const { comparisons } = comparePlain(baseline, [progressive], plainRules.off);
  expect(named(comparisons, 'critical')).toEqual(known.critical);
  expect(named(comparisons, 'pass')).toEqual([...known.pass, 'rag_service.rps']);
  expect(named(comparisons, 'no-data')).toEqual([
    'api_gateway.p95_latency_ms',
    'rag_service.p95_latency_ms',
  ]);
  expect(comparisons.map(({ evidence }) => evidence)).toEqual([
    'the run has no such figure',
    '1 of 300 requests (0.333 %), then 15 of 1500 requests (1 %): +0.667 points; the threshold is +0.5 points',
    '50 /s became 35 /s, −30 %; within −30 %',
    'the run has no such figure',
    'errors where the baseline had none: 0 of 150 requests (0 %), then 1 of 300 requests (0.333 %)',
    '25 /s became 24 /s, −4 %; within −30 %',
  ]);
});

type Row = readonly [string, PlainFigures, PlainFigures, string, string, RegExp?];

const rows: readonly Row[] = [
  ['p95 just below', { p95Ms: 200 }, { p95Ms: 299.9 }, 'p95', 'pass'],
  ['p95 exactly +50 %', { p95Ms: 200 }, { p95Ms: 300 }, 'p95', 'critical', /\+50 %; the threshold/],
  ['p95 of 0.1 and 0.15', { p95Ms: 0.1 }, { p95Ms: 0.15 }, 'p95', 'critical'],
  ['p95 of 0.3 and 0.45', { p95Ms: 0.3 }, { p95Ms: 0.45 }, 'p95', 'critical'],
  ['a faster p95', { p95Ms: 300 }, { p95Ms: 30 }, 'p95', 'pass', /became 30 ms, −90 %/],
  [
    'p95 without end',
    { p95Ms: 200 },
    { p95Ms: Infinity },
    'p95',
    'critical',
    /more requests failed/,
  ],
  ['p95 of nothing', { p95Ms: 0 }, { p95Ms: 5 }, 'p95', 'no-data', /baseline of 0 ms/],
  ['no p95 in either', {}, {}, 'p95', 'no-data', /^neither side has this figure$/],
  ['errors 1 % and 1.5 %', { errorShare: 0.01 }, { errorShare: 0.015 }, 'errorRate', 'critical'],
  ['errors 3 % and 3.5 %', { errorShare: 0.03 }, { errorShare: 0.035 }, 'errorRate', 'critical'],
  ['errors 1 % and 1.49 %', { errorShare: 0.01 }, { errorShare: 0.0149 }, 'errorRate', 'pass'],
  ['no errors', { errorShare: 0 }, { errorShare: 0 }, 'errorRate', 'pass', /^no errors/],
  [
    'errors where there were none',
    ...([{ errorShare: 0 }, { errorShare: 0.0001 }, 'errorRate', 'critical'] as const),
    /^errors where the baseline had none: 0 %, then 0.01 %$/,
  ],
  ['fewer errors', { errorShare: 0.2 }, { errorShare: 0.1 }, 'errorRate', 'pass', /−10 points/],
  ['exactly −30 %', { requestsPerSecond: 50 }, { requestsPerSecond: 35 }, 'throughput', 'pass'],
  ['−30 % of 0.1', { requestsPerSecond: 0.1 }, { requestsPerSecond: 0.07 }, 'throughput', 'pass'],
  ['−30 % of 12.3', { requestsPerSecond: 12.3 }, { requestsPerSecond: 8.61 }, 'throughput', 'pass'],
  ['past −30 %', { requestsPerSecond: 50 }, { requestsPerSecond: 34.9 }, 'throughput', 'critical'],
  ['a stop', { requestsPerSecond: 50 }, { requestsPerSecond: 0 }, 'throughput', 'critical'],
  ['from nothing', { requestsPerSecond: 0 }, { requestsPerSecond: 5 }, 'throughput', 'no-data'],
  [
    'vector timeouts +0.1 points',
    ...([{ vectorTimeoutShare: 0.002 }, { vectorTimeoutShare: 0.003 }] as const),
    ...(['vectorTimeoutRate', 'critical', /0.2 % became 0.3 %: \+0.1 points/] as const),
  ],
  [
    'vector timeouts +0.09 points',
    ...([{ vectorTimeoutShare: 0 }, { vectorTimeoutShare: 0.0009 }] as const),
    ...(['vectorTimeoutRate', 'pass'] as const),
  ],
  [
    'a violation, as before',
    ...([{ sandboxViolations: 1 }, { sandboxViolations: 1 }] as const),
    ...(['sandboxViolations', 'critical', /^1 violation of the sandbox, and none/] as const),
  ],
  ['a violation, unknown before', {}, { sandboxViolations: 2 }, 'sandboxViolations', 'critical'],
  [
    'no violation any more',
    { sandboxViolations: 1 },
    { sandboxViolations: 0 },
    'sandboxViolations',
    'pass',
  ],
];

for (const [what, was, is, metric, verdict, evidence] of rows) {
  test(`${what}: ${verdict}`, () => {
    const found = plainThresholdRule({ test: 'shop', baseline: was, observed: is });
    const one = found.find((comparison) => comparison.metric === metric);
    expect(one?.verdict).toBe(verdict);
    expect(one?.evidence).toMatch(evidence ?? /./);
    // Never as a ratio to zero.
    expect(one?.evidence).not.toMatch(/NaN|Infinity/);
  });
}

function file(entries: FiguresFile['entries']): FiguresFile {
  return { path: 'x.json', kind: 'plain figures', entries, notes: [] };
}

function entry(name: string, figures: PlainFigures, tasks: Record<string, PlainFigures> = {}) {
  return { test: name, system: name, figures, tasks: new Map(Object.entries(tasks)) };
}

test('tasks are compared where both sides tell them apart; who lacks one is told', () => {
  const was = file([entry('shop', { p95Ms: 10 }, { search: { p95Ms: 10 }, order: { p95Ms: 10 } })]);
  const is = file([entry('shop', { p95Ms: 10 }, { search: { p95Ms: 30 } })]);
  const p95s = comparePlain(was, [is], plainRules.off).comparisons.filter(
    ({ metric }) => metric === 'p95',
  );
  expect(p95s.map(({ task, verdict }) => [task, verdict])).toEqual([
    [undefined, 'pass'],
    ['search', 'critical'],
    ['order', 'no-data'],
  ]);
  const bare = file([entry('shop', { p95Ms: 10 })]);
  expect(comparePlain(bare, [is], plainRules.off).comparisons).toHaveLength(3);
});

test('a test is compared with its own figures, or else with its system’s, however it is spelt', () => {
  const was = file([entry('api_gateway', { p95Ms: 10 }), entry('api-gateway-baseline-1-user', {})]);
  const load = { ...entry('', { p95Ms: 10 }), system: 'api-gateway' };
  const is = file([
    { ...load, test: 'api-gateway-progressive-10-users' },
    { ...load, test: 'api-gateway-baseline-1-user' },
    { ...load, test: 'shop-baseline-1-user', system: 'shop' },
  ]);
  const { comparisons, notes } = comparePlain(was, [is], plainRules.off);
  expect(named(comparisons, 'pass')).toEqual(['api-gateway-progressive-10-users.p95_latency_ms']);
  expect(comparisons.map((one) => one.test)).not.toContain('shop-baseline-1-user');
  expect(notes).toContain('shop-baseline-1-user: not in the baseline');
});

test('the notes tell what was not judged, and that no plan was checked', () => {
  expect(comparePlain(baseline, [progressive], plainRules.off).notes).toEqual([
    'plain figures carry no plan: whether both ran the same load was not checked',
    'api_gateway, not judged: avg 150 ms → 180 ms, p50 120 ms → 150 ms',
    'api_gateway: users: 1 in the baseline, 10-50-100 in the run',
    'rag_service, not judged: avg 2500 ms → 2600 ms, p50 2000 ms → 2100 ms',
    'mcp_server: only in the baseline',
  ]);
});

test('nothing in common is refused, both sides named', () => {
  const other = file([entry('shop', {})]);
  expect(() => comparePlain(baseline, [other], plainRules.off)).toThrow(
    /source-baseline\.json: has api_gateway, rag_service, mcp_server, and the run has shop; accepted/,
  );
});
