import { expect, test } from '@playwright/test';
import { drawKey } from '../../../load/platform/random.ts';
import { defineUser } from '../../../load/user/define-user.ts';
import { TaskPicker } from '../../../load/user/draws.ts';

const run = (): void => undefined;
const user = defineUser<unknown, unknown, string, string>({
  system: 'picked',
  tasks: {
    often: { weight: 5, run },
    never: { weight: 0, run },
    rare: { weight: 1, run },
    some: { weight: 2, run },
  },
});
const picker = new TaskPicker(user.tasks);

test('tasks are picked by their weights', () => {
  const n = 16_000;
  const counts = new Map<string, number>();
  for (let i = 0; i < n; i++) {
    const { name } = picker.pick(drawKey(1, 'main'), i % 100, i);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  expect(counts.get('never')).toBeUndefined();
  const expected = { often: (n * 5) / 8, rare: n / 8, some: (n * 2) / 8 };
  const chiSquare = Object.entries(expected).reduce((sum, [name, count]) => {
    return sum + ((counts.get(name) ?? 0) - count) ** 2 / count;
  }, 0);
  // 0.1 % of chi-square with 2 degrees of freedom.
  expect(chiSquare).toBeLessThan(13.8);
});

test('the same draw picks the same task', () => {
  const picked = (seed: number): string[] =>
    Array.from({ length: 50 }, (_, n) => picker.pick(drawKey(seed, 'main'), 7, n).name);
  expect(picked(1)).toEqual(picked(1));
  expect(picked(2)).not.toEqual(picked(1));
});
