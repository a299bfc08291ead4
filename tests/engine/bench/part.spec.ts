/** The benchmark's verdict with measured and unmeasured parts. */
import { expect, test } from '@playwright/test';
import { isKept, measureParts, verdictLines, type Bound, type Part } from '../../../bench/part.ts';

function partOf(value: number): Part {
  const bound: Bound = { what: `a figure of ${value}`, value, limit: 2, unit: 'ms' };
  return (say) => {
    say(`measured ${value}`);
    return Promise.resolve({ bounds: [bound] });
  };
}

const disturbed: Part = () => Promise.reject(new Error('waiting-users: 9 requests of 10 users'));

test('a part that could not be measured is told with its reason, and those after it are measured', async () => {
  const said: string[] = [];
  const measured = await measureParts({ one: partOf(1), disturbed, three: partOf(3) }, (line) => {
    said.push(line);
  });
  expect(said).toEqual([
    'measured 1',
    'NOT MEASURED  disturbed: waiting-users: 9 requests of 10 users',
    'measured 3',
  ]);
  expect(Object.keys(measured.figures)).toEqual(['one', 'three']);
  expect(verdictLines(measured)).toEqual([
    'kept    a figure of 1: 1.00 ms, at most 2 ms',
    'BROKEN  a figure of 3: 3.00 ms, at most 2 ms',
    'NOT MEASURED  disturbed: waiting-users: 9 requests of 10 users',
    '1 of the parts not measured',
  ]);
});

test('where all are measured nothing is said of parts', async () => {
  const measured = await measureParts({ one: partOf(1) }, () => undefined);
  expect(verdictLines(measured)).toEqual(['kept    a figure of 1: 1.00 ms, at most 2 ms']);
});

test('a bound holds from one side', () => {
  const bound: Bound = { what: 'a share', value: 0.9, limit: 0.9, unit: '×' };
  expect([isKept(bound), isKept({ ...bound, value: 1 })]).toEqual([true, false]);
  expect(isKept({ ...bound, value: 1, isLeast: true })).toBe(true);
  expect(isKept({ ...bound, value: 0.8, isLeast: true })).toBe(false);
});
