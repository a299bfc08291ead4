import { expect, test } from '@playwright/test';
import { metadataName } from '../../../../load/report/allure/metadata.ts';
import { concurrentText, type Ran } from '../../../../load/report/playwright/concurrent-tests.ts';

const announced = { name: metadataName, contentType: 'application/json' };

/** A test that ran from one second to another. */
function ran(title: string, fromSeconds: number, toSeconds: number, isLoad = false): Ran {
  const location = { file: `${process.cwd()}/tests/shop.spec.ts`, line: 7, column: 1 };
  return {
    test: { titlePath: () => ['', isLoad ? 'steady' : 'pages', 'shop.spec.ts', title], location },
    result: {
      startTime: new Date(fromSeconds * 1000),
      duration: (toSeconds - fromSeconds) * 1000,
      attachments: isLoad ? [announced] : [],
    },
  };
}

const load = ran('holds 5 users', 10, 20, true);

test('who ran while a load did is named, and what keeps them away', () => {
  const others = [ran('buys tea', 5, 11), ran('buys coffee', 12, 13), ran('pays', 19, 25)];
  expect(concurrentText([...others, load])).toBe(
    [
      'Other tests ran during a load, so its figures include both:',
      '  [steady] tests/shop.spec.ts:7 › holds 5 users: [pages] tests/shop.spec.ts:7 › buys tea and 2 more',
      "  test.describe.configure({ lock: '-exclusive-' }); in the load's file keeps them away.",
      '',
    ].join('\n'),
  );
});

test('before and after a load is not beside it, nor is what never ran', () => {
  const others = [ran('buys tea', 5, 10), ran('pays', 20, 25), ran('skipped', 15, 15)];
  expect(concurrentText([...others, load])).toBe('');
  expect(concurrentText(others)).toBe('');
});

test('a load beside a load is no other test', () => {
  expect(concurrentText([load, ran('holds 9 users', 15, 30, true)])).toBe('');
});
