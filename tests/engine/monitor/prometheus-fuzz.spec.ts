/**
 * Damaged pages of metrics: none throws, every figure follows from undamaged lines, and no figure is lost
 * by a line that it does not need.
 */
import { test } from '@playwright/test';
import { mean, perSecond, prometheus, share } from '../../../load/monitor/prometheus.ts';
import type { Measured } from '../../../load/monitor/source.ts';
import { figures, randomPages, spanMs, type RandomPages } from './random-page.ts';
import { check, checkEqual } from '../../many-checks.ts';
import { seedBlocks } from '../seed-blocks.ts';

const seeds = { quick: 400, long: 5000, all: 20_000, perTest: 200 };

const source = prometheus('/metrics', {
  hitRate: share(
    { name: 'requests_total', labels: { hit: 'true' } },
    { name: 'requests_total', labels: { hit: /./ } },
  ),
  meanSize: mean({ name: 'size' }),
  cpu: perSecond({ name: 'cpu_seconds_total' }),
});

for (const { first, last, tag } of seedBlocks(seeds)) {
  test(`random pages ${first} to ${last}`, { tag }, async () => {
    for (let seed = first; seed <= last; seed++) await checkPages(seed);
  });
}

async function checkPages(seed: number): Promise<void> {
  const pages = randomPages(seed);
  const { expected, touched, mayBeRefused, what } = pages;
  const about = `seed ${seed}, ${what}`;
  const [first, { ratios = {}, unknown = {} }] = await read(pages);
  const isRefused = first.unknown?.['*'] !== undefined || unknown['*'] !== undefined;
  if (isRefused) check(mayBeRefused, `${about}: ${JSON.stringify([first, unknown])}`);
  for (const figure of figures) {
    const told = ratios[figure];
    if (!isRefused && !touched.has(figure)) {
      checkEqual(told, expected[figure], `${about}: ${figure}`);
    }
    if (told === undefined) continue;
    check(Number.isFinite(told.part) && Number.isFinite(told.whole), about);
    check(!isRefused, `${about}: ${figure} of a page that was refused`);
  }
}

async function read({ before, after, contentType }: RandomPages): Promise<[Measured, Measured]> {
  const answers = [before, after];
  const open = source.open({
    get: () => Promise.resolve({ text: answers.shift()!, contentType }),
  });
  const first = await open.read(undefined);
  const isKnown = first.unknown?.['*'] === undefined;
  return [first, await open.read(isKnown ? spanMs : undefined)];
}
