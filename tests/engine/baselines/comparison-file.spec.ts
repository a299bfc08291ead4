import { expect, test } from '@playwright/test';
import { figuresJson } from '../../../load/platform/json-file.ts';
import { readComparisonFile } from '../../../load/baselines/comparison-file.ts';
import { made, madeRun, slowChat } from './make-comparison.ts';
import { writeText } from '../comparing/plain-files.ts';

function given(text: string): string {
  return writeText(test.info().outputPath('comparison.json'), text);
}

test('what is written is read back: ∞, what one side lacks, what no test was made for', () => {
  const run = madeRun([
    slowChat,
    made({ observed: Infinity, smallestDetectable: 0.2 }),
    made({ baseline: undefined, verdict: 'no-data' }),
  ]);
  expect(readComparisonFile(given(figuresJson(run)))).toEqual(run);
});

const whole = JSON.parse(figuresJson(madeRun([slowChat]))) as Record<string, unknown>;
const [one] = whole['comparisons'] as Record<string, unknown>[];

const refused: readonly [string, string, RegExp][] = [
  ['nothing', '', /the file is empty$/],
  ['a newer schema', JSON.stringify({ ...whole, schema: 2 }), /schema 2 is newer.*accepted is 1$/],
  ['no object', '3', /expected object/],
  ['no run', JSON.stringify({ ...whole, runId: '' }), /: runId: /],
  [
    'a verdict of its own',
    JSON.stringify({ ...whole, comparisons: [{ ...one, verdict: 'bad' }] }),
    /: comparisons\.0\.verdict: /,
  ],
  [
    'a test whose file would lie elsewhere',
    JSON.stringify({ ...whole, tests: [{ test: '../../x', baseline: 'b', rerun: 'c' }] }),
    /: tests\.0\.test: accepted is a name of a file/,
  ],
  [
    'a figure as text',
    JSON.stringify({ ...whole, comparisons: [{ ...one, observed: '4' }] }),
    /: comparisons\.0\.observed: /,
  ],
];

for (const [what, text, message] of refused) {
  test(`${what} is refused with path and field`, () => {
    const path = given(text);
    expect(() => readComparisonFile(path)).toThrow(message);
    expect(() => readComparisonFile(path)).toThrow(path);
  });
}
