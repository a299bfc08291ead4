import { expect as plainExpect, test } from '@playwright/test';
import { toMeetBudget } from '../../../fixtures/matchers/to-meet-budget.ts';
import type { JudgedLoad } from '../../../load/budgets/judged-load.ts';
import { budget, makeLoad } from '../budgets/make-result.ts';

const expect = plainExpect.extend({ toMeetBudget });

function messageOf(assertion: () => void): string {
  try {
    assertion();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

test('a result that keeps its budgets passes', () => {
  expect(makeLoad()).toMeetBudget();
  expect(makeLoad()).toMeetBudget({ p95: '< 2 s', tasks: { query: { p50: '< 1 s' } } });
});

const red = [
  ['Budget not met: p95 is 100 ms', () => makeLoad({ budgets: [budget('p95', '< 50 ms')] })],
  ['No data: p99 has 100 of 368', () => makeLoad({ budgets: [budget('p99', '< 50 s')] })],
  ['Invalid instrument: log breaks off', () => makeLoad({ end: false })],
] as const;

for (const [beginning, run] of red) {
  test(`the message of a red result begins with "${beginning}"`, () => {
    const message = messageOf(() => {
      expect(run()).toMeetBudget();
    });
    plainExpect(message.slice(0, beginning.length)).toBe(beginning);
    plainExpect(message).toContain('status');
  });
}

test('budgets on top can fail what the plan passes', () => {
  const message = messageOf(() => {
    expect(makeLoad()).toMeetBudget({ p95: '< 50 ms' });
  });
  plainExpect(message).toMatch(/^Budget not met: p95 is 100 ms, limit < 50 ms/);
});

test('budgets on top are checked as those of the plan are', () => {
  const wrong = { p96: '< 50 ms' } as object;
  plainExpect(() => {
    expect(makeLoad()).toMeetBudget(wrong);
  }).toThrow('no such metric');
  plainExpect(() => {
    expect(makeLoad()).toMeetBudget({ tasks: { chat: {} } });
  }).toThrow('no such task');
});

test('`.not` is refused, whatever the verdict', () => {
  const broken = makeLoad({ budgets: [budget('p95', '< 50 ms')] });
  for (const result of [makeLoad(), broken]) {
    const message = messageOf(() => {
      expect(result).not.toMeetBudget();
    });
    plainExpect(message).toContain('expect(result).not.toMeetBudget(): a budget that is not met');
  }
});

test('a promise that was not awaited is refused', () => {
  const message = messageOf(() => {
    expect(Promise.resolve() as unknown as JudgedLoad).toMeetBudget();
  });
  plainExpect(message).toContain('takes the result of a load: expect(await runLoad(…))');
});
