import { expect, test } from '@playwright/test';
import { PausableClock } from '../../../load/executors/pausable-clock.ts';
import { VirtualClock } from '../virtual-clock.ts';

test('what is planned on it waits as long as it stands', async () => {
  const beneath = new VirtualClock();
  const clock = new PausableClock(beneath);
  const fired: [string, number, number][] = [];
  for (const [name, atMs] of [
    ['early', 100],
    ['late', 600],
  ] as const) {
    clock.at(atMs, () => fired.push([name, clock.now(), beneath.now()]));
  }
  await beneath.run(1000);
  expect(fired).toEqual([]);
  clock.resume();
  await beneath.run(1500);
  clock.pause();
  await beneath.run(2000);
  expect(clock.now()).toBe(500);
  clock.resume();
  await beneath.run(3000);
  expect(fired).toEqual([
    ['early', 100, 1100],
    ['late', 600, 2100],
  ]);
});

test('an instant of it is told on the clock beneath', async () => {
  const beneath = new VirtualClock();
  const clock = new PausableClock(beneath);
  await beneath.run(1000);
  clock.resume();
  await beneath.run(1200);
  expect(clock.beneathMs(150)).toBe(1150);
  clock.pause();
  await beneath.run(5000);
  expect(clock.beneathMs(200)).toBe(5000);
});

test('a callback that lets it stand keeps the next one waiting', async () => {
  const beneath = new VirtualClock();
  const clock = new PausableClock(beneath);
  const fired: string[] = [];
  clock.at(10, () => {
    fired.push('first');
    clock.pause();
  });
  clock.at(10, () => fired.push('second'));
  clock.resume();
  await beneath.run(100);
  expect(fired).toEqual(['first']);
  clock.resume();
  await beneath.run(200);
  expect(fired).toEqual(['first', 'second']);
});

test('what is cancelled never comes', async () => {
  const beneath = new VirtualClock();
  const clock = new PausableClock(beneath);
  clock.resume();
  let isCalled = false;
  clock.cancel(
    clock.at(10, () => {
      isCalled = true;
    }),
  );
  await beneath.run(100);
  expect(isCalled).toBe(false);
});
