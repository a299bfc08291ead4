/**
 * Damaged pages of metrics: none throws, every figure follows from undamaged lines, and no figure is lost
 * by a line that it does not need.
 */
import { test } from '@playwright/test';
import { mean, perSecond, prometheus, share } from '../../../load/monitor/prometheus.ts';
import type { Measured } from '../../../load/monitor/source.ts';
import { check, checkEqual } from '../../many-checks.ts';
import { figures, randomPages, spanMs, type RandomPages } from './random-page.ts';

/** Run in project `engine`; all of them together take a minute. */
const quickSeeds = 600;
const allSeeds = 20_000;
const seedsPerTest = 200;

const source = prometheus('/metrics', {
  hitRate: share(
    { name: 'requests_total', labels: { hit: 'true' } },
    { name: 'requests_total', labels: { hit: /./ } },
  ),
  meanSize: mean({ name: 'size' }),
  cpu: perSecond({ name: 'cpu_seconds_total' }),
});

for (let first = 1; first <= allSeeds; first += seedsPerTest) {
  const last = first + seedsPerTest - 1;
  const tag = last > quickSeeds ? '@long' : [];
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
  check(!isRefused || mayBeRefused, `${about}: refused`);
  for (const figure of figures) {
    const told = ratios[figure];
    if (!isRefused && !touched.has(figure)) {
      checkEqual(told, expected[figure], `${about}: ${figure}`);
    }
    if (told === undefined) continue;
    check(Number.isFinite(told.part) && Number.isFinite(told.whole), about);
    check(!isRefused, about);
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
