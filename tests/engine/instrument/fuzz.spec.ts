/**
 * Random loads, each reproduced by its seed. For each the accounting must be exact, and the result in
 * memory, the log read again and the merged logs of slices must agree.
 */
import { test } from '@playwright/test';
import { judgedLoad, readJudgedLoad } from '../../../load/budgets/judged-load.ts';
import { mergeSlices } from '../../../load/slices/merge.ts';
import { SliceLog } from '../../../load/slices/slice-log.ts';
import { wholeLoad, type Slice } from '../../../load/workload/slice.ts';
import { runVirtually } from '../virtual-load.ts';
import { expectAccounted, expectSound } from './fuzz/checks.ts';
import { everythingIn, figuresIn, firstDifference, rowsIn } from './fuzz/figures.ts';
import { randomLoad, type RandomLoad } from './fuzz/random-load.ts';
import { checkEqual } from '../../many-checks.ts';
import { seedBlocks } from '../seed-blocks.ts';

const seeds = { quick: 30, long: 200, all: 600, perTest: 10 };

for (const { first, last, tag } of seedBlocks(seeds)) {
  test(`random loads ${first} to ${last}: exact, and told alike by all`, { tag }, async () => {
    for (let seed = first; seed <= last; seed++) await expectToldAlike(seed);
  });
}

async function expectToldAlike(number: number): Promise<void> {
  const seed = `seed ${number}`;
  const random = randomLoad(number);
  const logPath = test.info().outputPath(`${number}.ndjson`);
  const { result } = await runVirtually({ ...random.load, clock: random.newClock(), logPath });
  const load = judgedLoad(result, logPath);
  expectAccounted(load, random.takeReached(), seed);
  expectSound(load, random, seed);
  const read = await readJudgedLoad(logPath);
  expectAlike(everythingIn(read), everythingIn(load), `${seed}, as read from its log`);
  if (random.slices === undefined) return;
  const merged = await mergedLoad(random, random.slices, number);
  expectAccounted(merged, random.takeReached(), `${seed}, merged`);
  expectAlike(figuresIn(merged), figuresIn(load), `${seed}, merged of ${random.slices}`);
  const isLate = random.disturbance !== 'none';
  const [got, wanted] = [merged, load].map(({ verdict }) => rowsIn(verdict, { isLate }));
  expectAlike(got, wanted, `${seed}, rows, merged of ${random.slices}`);
  if (isLate) return;
  checkEqual(merged.verdict.verdict, load.verdict.verdict, `${seed}: verdict`);
}

function expectAlike(got: unknown, wanted: unknown, text: string): void {
  checkEqual(firstDifference(got, wanted), undefined, text);
}

async function mergedLoad({ load, newClock }: RandomLoad, count: number, seed: number) {
  const path = test.info().outputPath(`${seed}-merged.ndjson`);
  const logs: SliceLog[] = [];
  for (let index = 1; index <= count; index++) {
    const slice: Slice = count === 1 ? wholeLoad : { index, count };
    const logPath = test.info().outputPath(`${seed}-${index}-of-${count}.ndjson`);
    await runVirtually({ ...load, clock: newClock(), slice, logPath });
    logs.push(new SliceLog(logPath));
  }
  mergeSlices(logs, path);
  for (const log of logs) log.close();
  return readJudgedLoad(path);
}
