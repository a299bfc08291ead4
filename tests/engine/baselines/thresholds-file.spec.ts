import { expect, test } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readThresholds, thresholdsName } from '../../../load/baselines/thresholds-file.ts';
import { defaultTolerances, tolerancesOf } from '../../../load/baselines/tolerances.ts';
import { docsBlock } from '../../examples/fenced-blocks.ts';

function given(text: string): string {
  const path = test.info().outputPath(thresholdsName);
  writeFileSync(path, text);
  return path;
}

test('the committed file states the values of the pipelines before: they are the defaults', () => {
  const { tolerances, systems } = readThresholds(thresholdsName);
  expect(tolerances).toEqual(defaultTolerances);
  expect(systems).toEqual({});
  expect(defaultTolerances).toMatchObject({
    latency: { p95: 0.5 },
    errorRatePoints: 0.5,
    throughputDrop: 0.3,
    vectorTimeoutPoints: 0.1,
    sandboxViolations: 0,
  });
});

test('the example in the docs is such a file', () => {
  const { tolerances, systems } = readThresholds(given(docsBlock('docs/baselines.md', 'json')));
  expect(tolerances).toEqual(defaultTolerances);
  expect(systems).toEqual({ 'rag-service': { latency: { p95: 0.3, p99: 1 } } });
});

test('without a file the defaults hold', () => {
  const path = join(test.info().outputDir, 'none.json');
  expect(tolerancesOf('shop', readThresholds(path))).toEqual(defaultTolerances);
});

test('what a test states goes over the file, a system over all, each metric by itself', () => {
  const path = given(
    JSON.stringify({
      schema: 1,
      tolerances: { latency: { p95: 0.4, p99: 1 }, throughputDrop: 0.2 },
      systems: { web_shop: { latency: { p95: 0.3 } }, other: { latencyFloorMs: 9 } },
    }),
  );
  const file = readThresholds(path);
  expect(tolerancesOf('web-shop', file)).toEqual({
    ...defaultTolerances,
    latency: { avg: 0.5, p50: 0.5, p95: 0.3, p99: 1 },
    throughputDrop: 0.2,
  });
  const stated = { tolerances: { latency: { p95: 0.2 } } };
  expect(tolerancesOf('web-shop', file, stated).latency).toEqual({
    avg: 0.5,
    p50: 0.5,
    p95: 0.2,
    p99: 1,
  });
});

const wrong: readonly (readonly [what: string, text: string, message: string])[] = [
  [
    'a share as text',
    '{"systems": {"shop": {"latency": {"p95": "+50 %"}}}}',
    ': systems.shop.latency.p95: accepted is a share above 0, such as 0.5 for 50 % (got "+50 %")',
  ],
  [
    'a share of nothing',
    '{"tolerances": {"latency": {"avg": 0}}}',
    ': tolerances.latency.avg: accepted is a share above 0, such as 0.5 for 50 % (got 0)',
  ],
  [
    'an unknown statistic',
    '{"tolerances": {"latency": {"p42": 1}}}',
    ': tolerances.latency.p42: unknown (got 1); accepted: p50, p75, p90, p95, p99, avg',
  ],
  [
    'an unknown metric',
    '{"tolerances": {"errorRate": 1}}',
    ': tolerances.errorRate: unknown (got 1); accepted: latency, latencyFloorMs, errorRatePoints,',
  ],
  [
    'an unknown field',
    '{"tolerance": {}}',
    ': tolerance: unknown (got {}); accepted: schema, tolerances, systems',
  ],
  [
    'more than all',
    '{"tolerances": {"throughputDrop": 30}}',
    '.throughputDrop: accepted is a share above 0, at most 1, such as 0.3 for −30 % (got 30)',
  ],
  [
    'half a violation',
    '{"tolerances": {"sandboxViolations": 0.5}}',
    '.sandboxViolations: accepted is a whole number, 0 or more (got 0.5)',
  ],
  ['a later schema', '{"schema": 2}', ': schema 2 is newer than this version; accepted is 1'],
  ['half a file', '{"tolerances": ', 'JSON'],
  ['no object', '[]', 'expected object'],
];

for (const [what, text, message] of wrong) {
  test(`${what} is refused with path, field, value and what is accepted`, () => {
    const path = given(text);
    expect(() => readThresholds(path)).toThrow(path);
    expect(() => readThresholds(path)).toThrow(message);
  });
}

test('every wrong field is told', () => {
  const path = given('{"tolerances": {"latencyFloorMs": -1, "errorRatePoints": "x"}}');
  expect(() => readThresholds(path)).toThrow(/latencyFloorMs: .*\n.*errorRatePoints: /);
});
