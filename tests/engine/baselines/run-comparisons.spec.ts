import { expect, test } from '@playwright/test';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  amongThoseOfRun,
  comparisonOfRun,
  leaveComparison,
} from '../../../load/baselines/comparison-file.ts';
import { regressionAnalysisMarkdown } from '../../../load/report/files/regression-analysis.ts';
import { made, madeRun, slowChat } from './make-comparison.ts';

test('a run that compared nothing has no comparison', ({}, testInfo) => {
  expect(comparisonOfRun(testInfo.outputPath('none'))).toBeUndefined();
});

test('the tests of a run leave a file each, repetitions too, and are one comparison', ({}, testInfo) => {
  const folder = testInfo.outputPath('run');
  leaveComparison(folder, 'a', madeRun([made({ test: 'a' })], { notes: ['one machine'] }));
  leaveComparison(folder, 'a', madeRun([made({ test: 'a' })], { notes: ['one machine'] }));
  leaveComparison(folder, 'b', madeRun([slowChat]));
  expect(readdirSync(folder).sort()).toEqual([
    'a.2.comparison.json',
    'a.comparison.json',
    'b.comparison.json',
  ]);
  const { comparisons, notes } = comparisonOfRun(folder)!;
  expect(comparisons).toEqual([made({ test: 'a' }), made({ test: 'a' }), slowChat]);
  expect(notes).toEqual(['one machine']);
});

test('tests of one run may be compared by different rules', ({}, testInfo) => {
  const folder = testInfo.outputPath('run');
  leaveComparison(folder, 'a', madeRun([made({ test: 'a' })], { significance: 'off' }));
  leaveComparison(folder, 'b', madeRun([slowChat], { significance: 'on' }));
  expect(amongThoseOfRun(folder, [made()])).toEqual([made()]);
  const joined = comparisonOfRun(folder)!;
  expect(joined.significance).toBe('by test');
  expect(regressionAnalysisMarkdown(joined)).toContain(
    'Rule: of some tests plain thresholds, else ',
  );
});

test('a broken file is refused by its path', ({}, testInfo) => {
  const folder = testInfo.outputPath('run');
  leaveComparison(folder, 'a', madeRun([made()]));
  writeFileSync(join(folder, 'b.comparison.json'), '{');
  expect(() => comparisonOfRun(folder)).toThrow(join(folder, 'b.comparison.json'));
});

test('the same evidence is a regression alone, and not among many that found nothing', ({}, testInfo) => {
  const folder = testInfo.outputPath('run');
  const weak = made({ verdict: 'regression', pValue: 0.04 });
  expect(amongThoseOfRun(folder, [weak])).toEqual([weak]);
  const nothing = Array.from({ length: 9 }, () => made({ pValue: 0.6 }));
  leaveComparison(folder, 'a', madeRun(nothing));
  expect(amongThoseOfRun(folder, [weak]).map(({ verdict }) => verdict)).toEqual(['inconclusive']);
  const critical = made({ verdict: 'critical', pValue: 0.04 });
  expect(amongThoseOfRun(folder, [critical])).toEqual([critical]);
});
