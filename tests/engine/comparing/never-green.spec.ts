/** `npm run compare` says "no regression" only if it has compared everything in the baseline. */
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { readComparisonFile } from '../../../load/baselines/comparison-file.ts';
import { compareFigures } from '../../../load/comparing/compare.ts';
import { figuresJson } from '../../../load/platform/json-file.ts';
import { fault } from '../../faults/fault-matrix.ts';
import { locustCsv, twoTasks, writeText, type LocustRow } from './plain-files.ts';

const shown = { annotation: fault(46) };

interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly headline: string;
  readonly missing: readonly string[];
}

interface Sides {
  /** By file name. */
  readonly was: readonly [name: string, text: string];
  readonly is: readonly [name: string, text: string];
}

function compared({ was, is }: Sides, words: readonly string[] = []): Outcome {
  const at = (path: string): string => test.info().outputPath(path);
  const files = [writeText(at(`was/${was[0]}`), was[1]), writeText(at(`is/${is[0]}`), is[1])];
  let stdout = '';
  const print = (text: string) => (stdout += text);
  const output = ['--output', at('compared')];
  const code = compareFigures([...files, ...output, ...words], { environment: {}, print });
  const { missing = [] } = readComparisonFile(at('compared/figures-compared.json'));
  const headline = readFileSync(at('compared/figures-compared.md'), 'utf8').split('\n')[2]!;
  return { code, stdout, headline, missing };
}

function csv(rows: readonly LocustRow[]): readonly [string, string] {
  return ['shop_stats.csv', locustCsv(rows)];
}

function json(systems: object): readonly [string, string] {
  return ['figures.json', JSON.stringify(systems)];
}

/** The CSV without one of its columns. */
function without(column: string, [name, text]: readonly [string, string]): [string, string] {
  const lines = text.split('\n').map((line) => line.split(','));
  const at = lines[0]!.indexOf(column);
  expect(at).toBeGreaterThan(0);
  return [name, lines.map((cells) => cells.filter((_, i) => i !== at).join(',')).join('\n')];
}

const plainTasks = twoTasks
  .map((row) => ({ ...row, name: row.name.replaceAll('"', '') }))
  .map((row) => ({ ...row, name: row.name.replace(', long', '') }));
const [chat, models, total] = plainTasks as [LocustRow, LocustRow, LocustRow];
const whole = csv(plainTasks);
const failed = csv(plainTasks.map((row) => ({ ...row, failures: row.requests })));
const good = { p95_latency_ms: 210, rps: 50, total_requests: 300, total_failures: 0 };

const rows: readonly (readonly [what: string, Sides, missing: readonly string[]])[] = [
  [
    'a run of 0 ms against a baseline that took some time',
    { was: json({ shop: good }), is: json({ shop: { ...good, p95_latency_ms: 0 } }) },
    ["shop: p95: 210 ms can't have become 0 ms"],
  ],
  [
    'an endpoint gone',
    { was: whole, is: csv([chat, total]) },
    ['shop: no request of "GET /v1/models" in the run'],
  ],
  [
    'an endpoint that got no request',
    { was: whole, is: csv([chat, { ...models, requests: 0, p95: 'N/A' }, total]) },
    ['shop: no request of "GET /v1/models" in the run'],
  ],
  [
    'an endpoint renamed',
    { was: whole, is: csv([chat, { ...models, name: '/v2/models' }, total]) },
    ['shop: no request of "GET /v1/models" in the run'],
  ],
  [
    'an endpoint by another method',
    { was: whole, is: csv([chat, { ...models, type: 'POST' }, total]) },
    ['shop: no request of "GET /v1/models" in the run'],
  ],
  [
    'a file that tells no endpoints apart',
    { was: whole, is: json({ shop: { ...good, avg_latency_ms: 150.4, median_latency_ms: 120 } }) },
    [
      'shop: no request of "POST /v1/chat" in the run',
      'shop: no request of "GET /v1/models" in the run',
    ],
  ],
  [
    'a system gone',
    { was: json({ shop: good, chat: good }), is: json({ shop: good }) },
    ['chat: only in the baseline'],
  ],
  [
    'a system renamed',
    { was: json({ shop: good, chat: good }), is: json({ shop: good, talk: good }) },
    ['chat: only in the baseline'],
  ],
  [
    'a baseline of 0, and 2.9 s',
    {
      was: json({ shop: { ...good, p95_latency_ms: 0 } }),
      is: json({ shop: { ...good, p95_latency_ms: 2900 } }),
    },
    ['shop: p95: no change can be told from a baseline of 0 ms'],
  ],
  [
    'a baseline that completed nothing',
    { was: json({ shop: { ...good, rps: 0 } }), is: json({ shop: good }) },
    ['shop: throughput: the baseline completed nothing'],
  ],
  [
    'everything failed on both sides',
    { was: failed, is: failed },
    ['shop', 'shop, POST /v1/chat', 'shop, GET /v1/models'].map(
      (subject) =>
        `${subject}: avg, p50, p95, errorRate, throughput: every request of the baseline failed`,
    ),
  ],
  [
    'a percentile that the run lacks',
    { was: json({ shop: good }), is: json({ shop: { ...good, p95_latency_ms: null } }) },
    ['shop: p95: the run has no such figure'],
  ],
  [
    'a percentile’s column that the run lacks',
    { was: csv([total]), is: without('95%', csv([total])) },
    ['shop: p95: the run has no such figure'],
  ],
  [
    'a percentile’s column that the baseline lacks',
    { was: without('95%', csv([total])), is: csv([total]) },
    ['shop: p95: the baseline has no such figure'],
  ],
];

for (const [what, sides, missing] of rows) {
  test(
    `${what}: exit code 2 and what is missing, with --allow-missing no more than told`,
    shown,
    () => {
      const found = compared(sides);
      expect({ code: found.code, missing: found.missing }).toEqual({ code: 2, missing });
      expect(found.headline).toMatch(/^\*\*(Not all of the baseline was compared|No verdict)\*\*/);
      for (const line of missing) expect(found.stdout).toContain(`missing   ${line}\n`);
      const allowed = compared(sides, ['--allow-missing']);
      const isNothing = found.stdout.includes('compare   15 no data\n');
      expect(allowed.code).toBe(isNothing ? 2 : 0);
      expect(allowed.stdout).toContain(`missing   ${missing[0]!}\n`);
    },
  );
}

test('a load of the run that says nothing of its system is missing', shown, () => {
  const load = (level: string, interrupted: boolean) => ({
    log: `shop-steady-${level}.ndjson`,
    system: 'shop',
    scenario: 'steady',
    level,
    verdict: 'pass',
    shortened: false,
    interrupted,
    statistics: {
      rows: [
        {
          kind: 'all',
          stream: 'users',
          name: 'all',
          requests: 9,
          failures: 0,
          errors: 0,
          ms: { avg: 5, p50: 5, p95: 5, p99: 5 },
          requestsPerSecond: 3,
          failuresPerSecond: 0,
        },
      ],
    },
    metrics: [],
  });
  const run = (isCut: boolean): readonly [string, string] => {
    const loads = [load('1-user', false), load('9-users', isCut)];
    return ['results.json', figuresJson({ schema: 2, runId: 'run-1', loads })];
  };
  const cut = compared({ was: run(false), is: run(true) });
  expect(cut.code).toBe(2);
  expect(cut.missing).toContain('shop-steady-9-users: interrupted; left out');
  expect(compared({ was: run(false), is: run(false) })).toMatchObject({ code: 0, missing: [] });
});

test('a regression is red, whatever is missing beside it', shown, () => {
  const slow = { ...good, p95_latency_ms: 900 };
  const sides = { was: json({ shop: good, chat: good }), is: json({ shop: slow }) };
  expect(compared(sides)).toMatchObject({ code: 1, missing: ['chat: only in the baseline'] });
  const isDown = { ...good, total_failures: 300 };
  expect(compared({ was: json({ shop: good }), is: json({ shop: isDown }) }).code).toBe(1);
});

test('a baseline by hand states what it is for, and --system of which system', shown, () => {
  const run = json({ shop: { ...good, avg_latency_ms: 150 } });
  expect(compared({ was: json({ shop: good }), is: run })).toMatchObject({ code: 0, missing: [] });
  const both = {
    was: json({ web_shop: good, chat: good }),
    is: json({ web_shop: good, chat: good }),
  };
  const one = compared({ ...both, is: json({ 'web-shop': good }) }, ['--system', 'web-shop']);
  expect(one).toMatchObject({ code: 0, missing: [] });
  expect(one.headline).toMatch(/^\*\*No regression\*\* in 1 test/);
  expect(() => compared(both, ['--system', 'cart'])).toThrow(
    'has web_shop, chat; accepted is what --system cart names',
  );
});

test('what Locust rounded to 0 ms may be a few ms', shown, () => {
  const took = (ms: number) => json({ shop: { ...good, median_latency_ms: ms } });
  expect(compared({ was: took(0), is: took(4) }).code).toBe(0);
  expect(compared({ was: took(0), is: took(5) }).code).toBe(2);
});

test(
  'of 12 000 names with ids in them the pattern is told, and some of what is missing',
  {
    annotation: fault(48),
  },
  () => {
    const orders = (from: number): LocustRow[] =>
      Array.from({ length: 6000 }, (_, i) => {
        return { type: 'GET', name: `/orders/${from + i}`, requests: 9 };
      });
    const { code, stdout, missing } = compared({
      was: csv([...orders(0), total]),
      is: csv([...orders(6000), total]),
    });
    expect([code, missing.length]).toEqual([2, 6000]);
    expect(stdout).toContain('missing   and 5950 more\n');
    expect(stdout).toContain('note      12000 names of requests look like one: "GET /orders/{id}"');
    expect(stdout.split('\n').length).toBeLessThan(80);
    const analysis = readFileSync(test.info().outputPath('compared/figures-compared.md'), 'utf8');
    expect(analysis).toContain('\n- and 5950 more\n');
    expect(analysis.length).toBeLessThan(20_000);
  },
);
