import { expect, test } from '@playwright/test';
import { missingShards } from '../../../load/slices/shards.ts';

const shard = (current: number, total = 3) => ({ current, total, blob: `${current}.zip` });

for (const [what, shards, reasons] of [
  ['a run without shards', [], []],
  ['all of them', [shard(1), shard(2), shard(3)], []],
  ['one missing', [shard(1), shard(3)], ['shard 2 of 3 is missing: no blob of it is here']],
  [
    'one twice',
    [shard(1), shard(2), shard(2), shard(3)],
    ['shard 2 of 3 is doubled: 2.zip, 2.zip'],
  ],
] as const) {
  test(`${what}: ${reasons.length} to say`, () => {
    expect(missingShards(shards).map(({ reason }) => reason)).toEqual(reasons);
  });
}

test('a shard of another number of them is foreign', () => {
  const reasons = missingShards([shard(1), shard(2), shard(3), shard(1, 2)]).map(
    (one) => one.reason,
  );
  expect(reasons).toEqual([
    'shard 1 of 3 is doubled: 1.zip, 1.zip',
    'shard 1 of 2 is foreign: the others are of 3 (1.zip)',
  ]);
});
