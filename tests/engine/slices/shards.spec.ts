import { expect, test } from '@playwright/test';
import { missingShards } from '../../../load/slices/shards.ts';

/** The project has a test in each shard. */
const shard = (current: number, total = 3, project = 'steady') => {
  const blob = `${current}.zip`;
  return { current, total, blob, tests: [`${project} › ${current}`] };
};
const empty = (current: number) => ({ ...shard(current), tests: [] });

for (const [what, shards, reasons] of [
  ['a run without shards', [], []],
  ['all of them', [shard(1), shard(2), shard(3)], []],
  ['one missing', [shard(1), shard(3)], ['shard 2 of 3 is missing: no blob of it is here']],
  [
    'one twice',
    [shard(1), shard(2), shard(2), shard(3)],
    ['shard 2 of 3 is doubled: 2.zip, 2.zip'],
  ],
  [
    'two projects, each in three shards',
    [1, 2, 3].flatMap((current) => [shard(current), shard(current, 3, 'spike')]),
    [],
  ],
  ['shards without a test', [shard(1), empty(2), empty(2), empty(3), shard(3), empty(1)], []],
  [
    'one of two projects lacks a shard',
    [shard(1), shard(2), shard(3), shard(1, 3, 'spike'), shard(3, 3, 'spike')],
    ['shard 2 of 3 is missing: 1 of 2 blobs of it are here'],
  ],
  [
    'projects in different numbers of shards',
    [1, 2, 3].map((n) => shard(n)).concat([1, 2].map((n) => shard(n, 2, 'spike'))),
    [],
  ],
] as const) {
  test(`${what}: ${reasons.length} to say`, () => {
    expect(missingShards(shards).map(({ reason }) => reason)).toEqual(reasons);
  });
}

test('a shard of another number of them lacks the others of its own', () => {
  const reasons = missingShards([shard(1), shard(2), shard(3), shard(1, 2)]);
  expect(reasons.map(({ reason }) => reason)).toEqual([
    'shard 2 of 2 is missing: no blob of it is here',
  ]);
});
