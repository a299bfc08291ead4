import { expect, test } from '@playwright/test';
import {
  isOwned,
  ownedCount,
  ownedIndex,
  parseSlice,
  wholeLoad,
} from '../../../load/workload/slice.ts';

const totals = [0, 1, 2, 3, 4, 5, 7, 8, 100, 1001];

for (const count of [1, 2, 3, 4, 7, 16]) {
  const slices = Array.from({ length: count }, (_, i) => ({ index: i + 1, count }));

  test(`the union of ${count} slices is the whole load, each index once`, () => {
    for (const total of totals) {
      const owned = slices.flatMap((slice) =>
        Array.from({ length: ownedCount(total, slice) }, (_, m) => ownedIndex(m, slice)),
      );
      const whole = Array.from({ length: total }, (_, k) => k);
      expect(owned.sort((a, b) => a - b)).toEqual(whole);
    }
  });

  test(`of ${count} slices exactly one owns an index, and lists it`, () => {
    for (let k = 0; k < 50; k++) {
      const owners = slices.filter((slice) => isOwned(k, slice));
      expect(owners).toEqual([{ index: (k % count) + 1, count }]);
      expect(ownedIndex(Math.floor(k / count), owners[0]!)).toBe(k);
    }
  });

  test(`${count} slices differ by one index at most`, () => {
    for (const total of totals) {
      const sizes = slices.map((slice) => ownedCount(total, slice));
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }
  });
}

test('the whole load is slice 1 of 1', () => {
  expect(parseSlice('1/1')).toEqual(wholeLoad);
});

test('a slice is read from i/n', () => {
  expect(parseSlice(' 2/4 ')).toEqual({ index: 2, count: 4 });
});

for (const text of ['', '0/4', '5/4', '1/0', '1/10001', '-1/4', '1.5/4', '1', 'a/b', '1/2/3']) {
  test(`the slice "${text}" is refused`, () => {
    expect(() => parseSlice(text)).toThrow(
      `slice "${text}": expected i/n with 1 ≤ i ≤ n ≤ 10000, such as 2/4`,
    );
  });
}
