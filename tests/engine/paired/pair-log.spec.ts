import { expect, test } from '@playwright/test';
import { writeFileSync } from 'node:fs';
import { readPair } from '../../../load/paired/pair-log.ts';
import { decidedEnd, makePair, pairPlan } from './make-pair.ts';
import { makeRounds } from './make-round.ts';

function logOf(path: string, lines: readonly object[], torn = ''): string {
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join('') + torn);
  return path;
}

test('a log gives the verdict that the run gave', ({}, testInfo) => {
  const rounds = makeRounds(8, 1.1);
  const path = logOf(testInfo.outputPath('a.pair.jsonl'), [pairPlan, ...rounds, decidedEnd]);
  const { verdict, logPath, end } = readPair(path);
  expect(verdict).toEqual(makePair(rounds).verdict);
  expect({ logPath, end }).toEqual({ logPath: path, end: decidedEnd });
});

test('a torn last line is passed over: the verdict is that of what is whole', ({}, testInfo) => {
  const rounds = makeRounds(8, 1.1);
  const torn = JSON.stringify(rounds[0]).slice(0, 200);
  const path = logOf(testInfo.outputPath('a.pair.jsonl'), [pairPlan, ...rounds], torn);
  const { verdict, end } = readPair(path);
  expect(verdict.verdict).toBe('slower');
  expect(end).toBeUndefined();
});

test('a line that is not understood is told with its place', ({}, testInfo) => {
  const path = logOf(testInfo.outputPath('a.pair.jsonl'), [pairPlan, { type: 'round' }]);
  expect(() => readPair(path)).toThrow(`${path}:2: `);
});

test('a file without a plan is no log of a pair', ({}, testInfo) => {
  const path = logOf(testInfo.outputPath('a.pair.jsonl'), makeRounds(1, 1));
  expect(() => readPair(path)).toThrow('does not begin with the plan of a pair');
});

test('a pair that failed is invalid, whatever its rounds say', ({}, testInfo) => {
  const end = { type: 'end', cause: 'failed', detail: 'head: was not up within 60 s', atMs: 1 };
  const path = logOf(testInfo.outputPath('a.pair.jsonl'), [pairPlan, ...makeRounds(8, 1), end]);
  expect(readPair(path).verdict).toMatchObject({
    verdict: 'invalid',
    faults: ['head: was not up within 60 s'],
  });
});
