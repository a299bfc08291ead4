import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { MetricComparison } from '../../../load/baselines/comparison.ts';
import { comparePlain } from '../../../load/comparing/plain-comparison.ts';
import type { FiguresFile, PipelineFigures } from '../../../load/comparing/plain-figures.ts';
import { readFigures } from '../../../load/comparing/compare.ts';

const kept = fileURLToPath(new URL('kept', import.meta.url));
const baseline = readFigures(join(kept, 'source-baseline.json'));
const progressive = readFigures(join(kept, 'source-progressive.json'));

const verdictLists = z.partialRecord(
  z.enum(['critical', 'inconclusive', 'pass']),
  z.array(z.string()),
);
const { expected } = z
  .object({
    expected: z.object({
      plain_threshold_rule: verdictLists,
      with_evidence: verdictLists,
    }),
  })
  .parse(JSON.parse(readFileSync(join(kept, 'source-progressive.json'), 'utf8')));

const sourceNames: Readonly<Record<string, string>> = {
  errorRate: 'error_rate_pct',
  throughput: 'rps',
  avg: 'avg_latency_ms',
  p50: 'median_latency_ms',
  p95: 'p95_latency_ms',
};

function named(comparisons: readonly MetricComparison[], verdict: string): string[] {
  return comparisons
    .filter((one) => one.verdict === verdict)
    .map(({ test: system, metric }) => `${system}.${sourceNames[metric] ?? metric}`);
}

/** Both modes report these besides the expected ones: medians rose by 25 % and 5 %, averages by 20 % and 4 %. */
const alsoPass = [
  'api_gateway.avg_latency_ms',
  'rag_service.avg_latency_ms',
  'api_gateway.median_latency_ms',
  'rag_service.median_latency_ms',
  'rag_service.rps',
];

for (const [significance, rule] of [
  ['off', 'plain_threshold_rule'],
  ['on', 'with_evidence'],
] as const) {
  test(`the known answers of the source, ${rule}: significance ${significance}`, () => {
    const { critical = [], inconclusive = [], pass = [] } = expected[rule];
    expect([...critical, ...inconclusive, ...pass]).toHaveLength(3);
    const { comparisons } = comparePlain(baseline, [progressive], { significance });
    expect(named(comparisons, 'critical')).toEqual(critical);
    expect(named(comparisons, 'inconclusive')).toEqual(inconclusive);
    expect(named(comparisons, 'pass').sort()).toEqual([...pass, ...alsoPass].sort());
    expect(named(comparisons, 'no-data')).toEqual([
      'api_gateway.p95_latency_ms',
      'rag_service.p95_latency_ms',
    ]);
  });
}

test('without a word on significance, evidence is asked for', () => {
  expect(comparePlain(baseline, [progressive])).toEqual(
    comparePlain(baseline, [progressive], { significance: 'on' }),
  );
});

const latencyEvidence = {
  average: '150 ms became 180 ms, +20 %; within +50 %',
  api: '120 ms became 150 ms, +25 %; within +50 %',
  none: 'the run has no such figure',
};

test('what the known answers rest on is told, with significance off', () => {
  const { comparisons } = comparePlain(baseline, [progressive], { significance: 'off' });
  expect(comparisons.map(({ evidence }) => evidence)).toEqual([
    latencyEvidence.average,
    latencyEvidence.api,
    latencyEvidence.none,
    '15 of 1500 failed (1.0 %); baseline 1 of 300 (0.33 %): +0.667 points; the threshold is +0.5 points',
    '50 /s became 35 /s, −30 %; within −30 %',
    '2.5 s became 2.6 s, +4 %; within +50 %',
    '2 s became 2.1 s, +5 %; within +50 %',
    latencyEvidence.none,
    'errors where the baseline had none: 1 of 300 failed (0.33 %); baseline 0 of 150',
    '25 /s became 24 /s, −4 %; within −30 %',
  ]);
});

test('and with significance on', () => {
  const { comparisons } = comparePlain(baseline, [progressive], { significance: 'on' });
  const errors = comparisons.filter(({ metric }) => metric === 'errorRate');
  expect(errors.map(({ evidence }) => evidence)).toEqual([
    '15 of 1500 failed (1.0 %); baseline 1 of 300 (0.33 %) (Fisher, p = 0.23)',
    'errors where the baseline had none: 1 of 300 failed (0.33 %); baseline 0 of 150 (Fisher, p = 0.67); ' +
      'too few requests to be sure of less than +0.5 points',
  ]);
});

function file(entries: FiguresFile['entries']): FiguresFile {
  return { path: 'x.json', kind: 'plain figures', entries, notes: [] };
}

function entry(
  name: string,
  figures: PipelineFigures,
  tasks: Record<string, PipelineFigures> = {},
) {
  return { test: name, system: name, figures, tasks: new Map(Object.entries(tasks)) };
}

const pipelineRows: readonly (readonly [PipelineFigures, PipelineFigures, string, string])[] = [
  [{ vectorTimeoutShare: 0.002 }, { vectorTimeoutShare: 0.003 }, 'critical', 'inconclusive'],
  // In floating point 0.009 − 0.008 is less than a tenth of a point.
  [{ vectorTimeoutShare: 0.008 }, { vectorTimeoutShare: 0.009 }, 'critical', 'inconclusive'],
  [{ vectorTimeoutShare: 0 }, { vectorTimeoutShare: 0.0009 }, 'pass', 'pass'],
  [{ vectorTimeoutShare: 0 }, {}, 'no-data', 'no-data'],
  [{ sandboxViolations: 0 }, { sandboxViolations: 1 }, 'critical', 'critical'],
  [{ sandboxViolations: 1 }, { sandboxViolations: 1 }, 'critical', 'critical'],
  [{}, { sandboxViolations: 2 }, 'critical', 'critical'],
  [{ sandboxViolations: 1 }, { sandboxViolations: 0 }, 'pass', 'pass'],
];

for (const [was, is, off, on] of pipelineRows) {
  test(`what older pipelines count: ${JSON.stringify(was)}, then ${JSON.stringify(is)}`, () => {
    const verdictOf = (significance: 'on' | 'off'): string | undefined =>
      comparePlain(file([entry('shop', was)]), [file([entry('shop', is)])], {
        significance,
      }).comparisons.at(-1)?.verdict;
    expect([verdictOf('off'), verdictOf('on')]).toEqual([off, on]);
  });
}

test('a rate of an older pipeline is told with its change, a violation with its count', () => {
  const figures = (share: number, violations: number): FiguresFile =>
    file([entry('shop', { vectorTimeoutShare: share, sandboxViolations: violations })]);
  const { comparisons } = comparePlain(figures(0.002, 0), [figures(0.003, 1)]);
  expect(comparisons.slice(-2).map(({ metric, evidence }) => [metric, evidence])).toEqual([
    [
      'vectorTimeoutRate',
      '0.20 % became 0.30 %: +0.1 points; the threshold is +0.1 points, ' +
        'but a rate without its counts does not tell how far it differs by chance',
    ],
    ['sandboxViolations', '1 violation of the sandbox, and none is accepted'],
  ]);
});

test('what older pipelines count has its tolerances, too, however the system is spelt', () => {
  const was = file([entry('rag_service', { vectorTimeoutShare: 0, sandboxViolations: 0 })]);
  const is = file([entry('rag_service', { vectorTimeoutShare: 0.004, sandboxViolations: 2 })]);
  const told = (vectorTimeoutPoints: number, sandboxViolations: number): string[] => {
    const systems = { 'rag-service': { vectorTimeoutPoints, sandboxViolations } };
    const { comparisons } = comparePlain(was, [is], { significance: 'off', systems });
    return comparisons.slice(-2).map(({ verdict, tolerance }) => `${verdict} ${tolerance}`);
  };
  expect(told(0.5, 2)).toEqual(['pass +0.5 points', 'pass at most 2']);
  expect(told(0.4, 1)).toEqual(['critical +0.4 points', 'critical at most 1']);
});

test('tolerances are those of all systems, and over them those of one', () => {
  const was = file([entry('shop', { p95Ms: 100 }), entry('chat', { p95Ms: 100, p99Ms: 100 })]);
  const is = file([entry('shop', { p95Ms: 130 }), entry('chat', { p95Ms: 130, p99Ms: 130 })]);
  const { comparisons, notes } = comparePlain(was, [is], {
    significance: 'off',
    tolerances: { latency: { p95: 0.2 } },
    systems: { chat: { latency: { p95: 0.4, p99: 0.3 } } },
  });
  expect(named(comparisons, 'critical')).toEqual(['shop.p95_latency_ms', 'chat.p99']);
  expect(named(comparisons, 'pass')).toEqual(['chat.p95_latency_ms']);
  expect(notes.join()).not.toContain('not judged');
});

test('of many comparisons at once, evidence that may be chance among them is inconclusive', () => {
  const errors = (failures: number): PipelineFigures => {
    return { requests: 2000, failures, errorShare: failures / 2000 };
  };
  const names = Array.from({ length: 20 }, (_, i) => `system-${i}`);
  const was = file(names.map((name) => entry(name, errors(20))));
  const verdictAmong = (count: number): string | undefined => {
    const runs = names.slice(0, count).map((name, i) => entry(name, errors(i === 0 ? 40 : 20)));
    return comparePlain(was, [file(runs)]).comparisons.find(({ metric }) => metric === 'errorRate')
      ?.verdict;
  };
  expect([verdictAmong(1), verdictAmong(20)]).toEqual(['regression', 'inconclusive']);
});

test('tasks are compared where both sides tell them apart; who lacks one is told', () => {
  const was = file([entry('shop', { p95Ms: 10 }, { search: { p95Ms: 10 }, order: { p95Ms: 10 } })]);
  const is = file([entry('shop', { p95Ms: 10 }, { search: { p95Ms: 30 } })]);
  const found = comparePlain(was, [is], { significance: 'off' });
  const p95s = found.comparisons.filter(({ metric }) => metric === 'p95');
  expect(p95s.map(({ task, verdict }) => [task, verdict])).toEqual([
    [undefined, 'pass'],
    ['search', 'critical'],
  ]);
  expect(found.missing).toEqual(['shop: no request of "order" in the run']);
  const bare = file([entry('shop', { p95Ms: 10 })]);
  const { comparisons } = comparePlain(bare, [is]);
  expect(comparisons.map(({ task, metric }) => [task, metric])).toEqual([
    ...['avg', 'p50', 'p95', 'errorRate', 'throughput'].map((metric) => [undefined, metric]),
  ]);
});

test('a test is compared with its own figures, or else with its system’s, however it is spelt', () => {
  const was = file([entry('api_gateway', { p95Ms: 10 }), entry('api-gateway-baseline-1-user', {})]);
  const load = { ...entry('', { p95Ms: 10 }), system: 'api-gateway' };
  const is = file([
    { ...load, test: 'api-gateway-progressive-10-users' },
    { ...load, test: 'api-gateway-baseline-1-user' },
    { ...load, test: 'shop-baseline-1-user', system: 'shop' },
  ]);
  const { comparisons, notes } = comparePlain(was, [is]);
  expect(named(comparisons, 'pass')).toEqual(['api-gateway-progressive-10-users.p95_latency_ms']);
  expect(comparisons.map((one) => one.test)).not.toContain('shop-baseline-1-user');
  expect(notes).toContain('not in the baseline: shop-baseline-1-user');
});

test('the notes tell what was not judged, and that no plan was checked', () => {
  const noPlan = 'plain figures carry no plan: whether both ran the same load was not checked';
  const { notes, missing } = comparePlain(baseline, [progressive]);
  expect(notes).toEqual([noPlan, 'api_gateway: users: 1 in the baseline, 10-50-100 in the run']);
  expect(missing).toEqual([
    'mcp_server: only in the baseline',
    'api_gateway: p95: the run has no such figure',
    'rag_service: p95: the run has no such figure',
  ]);
  const was = file([entry('shop', { p99Ms: 100 })]);
  const is = file([entry('shop', { p99Ms: 900 })]);
  expect(comparePlain(was, [is]).notes).toEqual([noPlan, 'shop, not judged: p99 100 ms → 900 ms']);
});

test('nothing in common is refused, both sides named', () => {
  const other = file([entry('shop', {})]);
  expect(() => comparePlain(baseline, [other])).toThrow(
    /source-baseline\.json: has api_gateway, rag_service, mcp_server, and the run has shop; accepted/,
  );
});
