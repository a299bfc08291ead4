import { expect, test } from '@playwright/test';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  baselinePath,
  readBaseline,
  withRun,
  writeBaseline,
  type BaselineFile,
} from '../../../load/baselines/baseline-file.ts';
import type { BaselineRun } from '../../../load/baselines/baseline-run.ts';
import { captureRun } from '../../../load/baselines/capture.ts';
import { fault } from '../../faults/fault-matrix.ts';
import { makeResult, repeat } from '../budgets/make-result.ts';

function run(runId = 'first', startedAt = '2026-01-01T00:00:00.000Z'): BaselineRun {
  const phase = { name: 'steady state', startMs: 0, endMs: 10_000, judged: true } as const;
  const intervals = Array.from({ length: 10 }, () => ({ series: [{ okMs: repeat(5, 20) }] }));
  const result = makeResult({ stream: { phases: [phase] }, intervals });
  return { ...captureRun(result, { environment: 'local' }), runId, startedAt };
}

const place = {
  environment: 'local',
  scenario: 'baseline',
  system: 'rag-service',
  level: '1-user',
};

test('one file per test and environment', () => {
  expect(baselinePath('baselines', place)).toBe('baselines/local/baseline/rag-service-1-user.json');
});

test('what was written is read again, a line for each figure', ({}, testInfo) => {
  const path = testInfo.outputPath('local', 'a.json');
  const file = withRun(undefined, run());
  writeBaseline(path, file);
  expect(readBaseline(path)).toEqual(file);
  const lines = readFileSync(path, 'utf8').split('\n');
  expect(lines).toContain('          "p95_latency_ms": 5,');
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(200);
  expect(readdirSync(dirname(path))).toEqual(['a.json']);
});

test('no file is no baseline', ({}, testInfo) => {
  expect(readBaseline(testInfo.outputPath('none.json'))).toBeUndefined();
});

test('repetitions of a run stand beside each other, another run takes their place', () => {
  const later = run('a', '2026-01-01T00:05:00.000Z');
  const two = withRun(withRun(undefined, run('a')), later);
  expect(two.runs.map(({ runId }) => runId)).toEqual(['a', 'a']);
  // Merged once more, it is no further run.
  expect(withRun(two, later)).toEqual(two);
  expect(withRun(two, run('b')).runs.map(({ runId }) => runId)).toEqual(['b']);
});

const broken: Readonly<Record<string, readonly [string, RegExp]>> = {
  'an empty file': ['', /empty/],
  'half a file': ['{"schema": 1, "testId"', /JSON/],
  'a NaN': ['{"schema": NaN}', /NaN/],
  'a key that changes objects': ['{"schema": 1, "__proto__": {}}', /__proto__/],
  'a list': ['[]', /expected object/],
  'no runs': ['{"schema": 1, "testId": "a", "environment": "b", "runs": []}', /runs: .*>=1/],
  'an unknown key': ['{"schema": 1, "sections": []}', /testId/],
  'a later schema': ['{"schema": 2, "more": 1}', /schema 2 is newer than this version/],
};

for (const [what, [text, reason]] of Object.entries(broken)) {
  test(
    `${what} is refused with its path, and left as it is`,
    { annotation: fault(32) },
    ({}, testInfo) => {
      const path = testInfo.outputPath('broken.json');
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      expect(() => readBaseline(path)).toThrow(path);
      expect(() => readBaseline(path)).toThrow(reason);
      expect(readFileSync(path, 'utf8')).toBe(text);
    },
  );
}

test('a run that could not be read back is not written', ({}, testInfo) => {
  const path = testInfo.outputPath('local', 'kept.json');
  const file = withRun(undefined, run());
  writeBaseline(path, file);
  const [sound] = file.runs;
  const wrong: BaselineFile = { ...file, runs: [{ ...sound!, judgedMs: NaN }] };
  expect(() => {
    writeBaseline(path, wrong);
  }).toThrow(/judgedMs/);
  expect(readBaseline(path)).toEqual(file);
});
