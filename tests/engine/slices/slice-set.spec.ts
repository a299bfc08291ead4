import { expect, test } from '@playwright/test';
import type { Plan } from '../../../load/metrics/log/schema.ts';
import { sliceSet } from '../../../load/slices/slice-set.ts';
import { makeResult } from '../budgets/make-result.ts';

function planned(index: number, more: Partial<Plan> = {}): { plan: Plan } {
  const { plan } = makeResult({});
  const machine = { ...plan.machine, host: 'here', pid: 100 + index };
  return { plan: { ...plan, slice: { index, count: 4 }, machine, ...more } };
}

function textsOf(logs: readonly { plan: Plan }[]): string[] {
  return sliceSet(logs).invalid.map(({ text }) => text);
}

const all = [1, 2, 3, 4].map((index) => planned(index));

test('all of one plan, each once: nothing to say', () => {
  const { members, invalid } = sliceSet([...all].reverse());
  expect(invalid).toEqual([]);
  expect(members.map(({ plan }) => plan.slice.index)).toEqual([1, 2, 3, 4]);
});

test('missing ones are named', () => {
  expect(textsOf(all.slice(0, 3))).toEqual([expect.stringContaining('slice 4 of 4 is missing')]);
  expect(textsOf([all[1]!])).toEqual([expect.stringContaining('slices 1, 3, 4 of 4 are missing')]);
  expect(sliceSet([all[1]!]).invalid.map(({ slices }) => slices)).toEqual([[1, 3, 4]]);
});

test('a doubled one is named with both processes, and counted once', () => {
  const again = planned(2, { machine: { ...all[1]!.plan.machine, pid: 999 } });
  const { members, invalid } = sliceSet([...all, again]);
  expect(members).toEqual(all);
  expect(invalid.map(({ text }) => text)).toEqual([
    'slice 2 of 4 (here, pid 102) is doubled: 2 logs say that they are this slice (also ' +
      'slice 2 of 4 (here, pid 999)); only the first is counted',
  ]);
});

for (const [what, more, says] of [
  ['seed', { seed: 2 }, 'seed 2, not 1'],
  ['run', { runId: 'another' }, 'run id another, not '],
  ['budgets', { budgets: [{ key: 'p50', limit: '< 1 ms' }] }, 'budgets [{"key":"p50"'],
  ['time scale', { timeScale: 0.5 }, 'time scale [0.5'],
  ['commit', { versions: { commit: 'f00d' } }, 'commit f00d, not unknown'],
  ['suite', { versions: { loadwright: '9.9.9' } }, 'suite version 9.9.9, not '],
  ['system', { target: { url: 'http://127.0.0.1:9', kind: 'real' } }, 'system {"url":'],
  ['number of slices', { slice: { index: 3, count: 8 } }, 'slices 8, not 4'],
] as const) {
  test(`a slice of another ${what} is foreign, named and left out`, () => {
    const foreign = planned(3, more as Partial<Plan>);
    const logs = [all[0]!, all[1]!, foreign, all[3]!];
    const { members } = sliceSet(logs);
    expect(members).toEqual([all[0], all[1], all[3]]);
    const [missing, left] = textsOf(logs);
    expect(missing).toContain('slice 3 of 4 is missing');
    expect(left).toMatch(/^slice 3 of \d \(here, pid 103\) is foreign, and left out: /);
    expect(left).toContain(says);
  });
}
