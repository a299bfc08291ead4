/** Checks that hold for every load. Each message begins with the seed that reproduces the load. */
import { expect } from '@playwright/test';
import type { Judgement } from '../../../../load/budgets/judge.ts';
import type { JudgedLoad } from '../../../../load/budgets/judged-load.ts';
import { meets } from '../../../../load/budgets/limit.ts';
import { outcomes, scheduledOf } from '../../../../load/metrics/outcome.ts';
import { outcomesOf } from '../../../../load/metrics/result/select.ts';
import type { SeriesTotal } from '../../../../load/metrics/result/series-totals.ts';
import type { RandomLoad } from './random-load.ts';
import { check, checkEqual } from '../../../many-checks.ts';

/** `reached`: how many requests reached the systems. */
export function expectAccounted(load: JudgedLoad, reached: number, seed: string): void {
  const ended = scheduledOf(outcomesOf(load.series));
  const { scheduled, sent, end, verdict } = load;
  const wanted = { scheduled: ended, sent: reached };
  checkEqual({ scheduled, sent }, wanted, `${seed}: outcomes, and what reached a system`);
  expect(end, `${seed}: the recorder's totals`).toMatchObject({ scheduled, sent });
  expect(verdict.invalid, `${seed}: faults of the instrument`).toEqual([]);
  expect(load.timeline.at(-1), `${seed}: left over`).toMatchObject({ inFlight: 0, backlog: 0 });
  for (const series of load.series) expectConsistent(series, seed);
}

/**
 * Every request has one outcome; ok ones have their times, others their error; late ones are included in
 * all.
 */
function expectConsistent(series: SeriesTotal, seed: string): void {
  for (const part of [series, ...series.lateParts]) {
    const { ok = 0, ...others } = part.outcomes;
    const errors = part.errors.reduce((sum, { count }) => sum + count, 0);
    const timed = ['responseTime', 'service'].map((name) => part.trends.get(name)?.count ?? 0);
    checkEqual([timed, errors], [[ok, ok], scheduledOf(others)], `${seed}: ${series.request}`);
  }
  const late = series.lateParts.map((part) => part.outcomes);
  for (const outcome of outcomes) {
    const inParts = late.reduce((sum, one) => sum + (one[outcome] ?? 0), 0);
    const whole = series.outcomes[outcome] ?? 0;
    check(inParts <= whole, `${seed}: late, ${outcome}: ${inParts} of ${whole}`);
  }
}

/** A row's figure is within its range, its status follows from the range, and no figure is NaN. */
export function expectSound(load: JudgedLoad, { disturbance }: RandomLoad, seed: string): void {
  for (const judgement of load.verdict.judgements) {
    const { name, value, range, status } = judgement;
    const text = `${seed}: ${name} ${judgement.budget.limitText} is ${status} at ${value}`;
    const figures = [value, range?.least, range?.most, ...(judgement.interval ?? [])];
    check(!figures.some(Number.isNaN), text);
    if (disturbance === 'none') check(status !== 'undecided', text);
    if (value === undefined || range === undefined) continue;
    check(range.least <= value && value <= range.most, text);
    if (judgement.rise === undefined) expectStatusOf(judgement, text);
  }
}

function expectStatusOf({ budget, value, range, status }: Judgement, text: string): void {
  const ends = [range!.least, range!.most].map((end) => meets(end, budget));
  const isMet = meets(value!, budget);
  if (status === 'fail') checkEqual([isMet, ...ends], [false, false, false], text);
  if (status === 'pass') checkEqual([isMet, ...ends], [true, true, true], text);
}
