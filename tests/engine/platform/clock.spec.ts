import { expect, test } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { dueMs, systemClock } from '../../../load/platform/clock.ts';
import { repository } from '../../child-processes.ts';
import { VirtualClock } from '../virtual-clock.ts';

for (const [plannedMs, due] of [
  [0, 0],
  [5, 5],
  [5.0001, 6],
  [5.999, 6],
  [0.1 + 0.2, 1],
  [(0.1 + 0.2) * 1000, 300],
  [(1.1 + 2.2) * 1000, 3300],
  [299.9999999, 300],
] as const) {
  test(`what is planned for ${plannedMs} ms is due at ${due} ms`, () => {
    expect(dueMs(plannedMs)).toBe(due);
  });
}

test.describe('the virtual clock', () => {
  test('runs timers at their instants, in order, and those of one instant as they were set', async () => {
    const clock = new VirtualClock();
    const fired: [string, number][] = [];
    const note = (name: string) => () => fired.push([name, clock.now()]);
    clock.at(20, note('c'));
    clock.at(10, note('a'));
    clock.at(10, note('b'));
    await clock.run();
    expect(fired).toEqual([
      ['a', 10],
      ['b', 10],
      ['c', 20],
    ]);
  });

  test('stops at the moment it is told, whether there are timers or not', async () => {
    const clock = new VirtualClock();
    const fired: number[] = [];
    for (const atMs of [10, 20, 30]) clock.at(atMs, () => fired.push(atMs));
    await clock.run(20);
    expect([fired, clock.now()]).toEqual([[10, 20], 20]);
    await clock.run(25);
    expect([fired, clock.now()]).toEqual([[10, 20], 25]);
  });

  test('lets promises settle between two instants', async () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    const twice = async (): Promise<void> => {
      await clock.until(10);
      await Promise.resolve();
      await Promise.resolve();
      seen.push(clock.now());
      await clock.until(15);
      seen.push(clock.now());
    };
    clock.at(20, () => seen.push(clock.now()));
    const done = twice();
    await clock.run();
    await done;
    expect(seen).toEqual([10, 15, 20]);
  });

  test('a timer set for the past fires now: time never goes back', async () => {
    const clock = new VirtualClock();
    await clock.run(100);
    const fired: number[] = [];
    clock.at(50, () => fired.push(clock.now()));
    await clock.run();
    expect(fired).toEqual([100]);
  });

  test('a cancelled timer does not fire', async () => {
    const clock = new VirtualClock();
    let fired = 0;
    const timer = clock.at(10, () => (fired += 1));
    clock.cancel(timer);
    await clock.run();
    expect(fired).toBe(0);
  });

  test('waiting for a moment that has passed takes no timer', async () => {
    const clock = new VirtualClock();
    await clock.run(100);
    await clock.until(100);
    await clock.until(99);
    expect(clock.now()).toBe(100);
  });

  test('runs until a promise settles, and no further', async () => {
    const clock = new VirtualClock();
    clock.at(99, () => undefined);
    expect(await clock.runUntil(clock.until(10).then(() => clock.now()))).toBe(10);
    expect(clock.now()).toBe(10);
  });

  test('says so where a promise can never settle', async () => {
    const pending = new Promise<void>(() => undefined);
    await expect(new VirtualClock().runUntil(pending)).rejects.toThrow('no timer left');
  });
});

test.describe('the system clock', () => {
  test('never calls back before the instant, though the runtime’s timers fire early', async () => {
    const clock = systemClock();
    const early: number[] = [];
    const waits = Array.from({ length: 200 }, async (_, i) => {
      const atMs = clock.now() + (i % 40) + i / 200;
      await clock.until(atMs);
      if (clock.now() < atMs) early.push(atMs);
    });
    await Promise.all(waits);
    expect(early).toEqual([]);
  });

  test('calls back in the order of the instants, however they were set', () => {
    // Its reading stands still meanwhile, since a machine that holds it up would set some of them too late.
    const clock = systemClock();
    let nowMs = 0;
    Object.defineProperty(clock, 'now', { value: () => nowMs });
    const order: number[] = [];
    for (const ms of [9, 3, 7, 1, 5]) clock.at(ms, () => order.push(ms));
    nowMs = 10;
    (Reflect.get(clock, 'fire') as () => void)();
    expect(order).toEqual([1, 3, 5, 7, 9]);
  });

  test('re-arms what the runtime’s timer brought too early', () => {
    // A clock whose reading lags behind the runtime's timer, as Node's does by up to 0.4 ms.
    const clock = systemClock();
    let nowMs = 9.6;
    Object.defineProperty(clock, 'now', { value: () => nowMs });
    const fired: number[] = [];
    clock.at(10, () => fired.push(nowMs));
    const fire = Reflect.get(clock, 'fire') as () => void;
    fire();
    const armedForMs = Reflect.get(clock, 'armedForMs') as number;
    expect([fired, armedForMs]).toEqual([[], 10]);
    nowMs = 10.1;
    fire();
    expect(fired).toEqual([10.1]);
  });

  test('goes on with the other timers when a callback throws', async () => {
    const clock = systemClock();
    const fire = Reflect.get(clock, 'fire') as () => void;
    const later = clock.until(clock.now() + 5);
    clock.at(0, () => {
      throw new Error('broken callback');
    });
    expect(fire).toThrow('broken callback');
    await later;
  });

  test('keeps one order over prompt timers and others, the load’s own first', async () => {
    const clock = systemClock();
    const startMs = Math.ceil(clock.now()) + 5;
    const order: string[] = [];
    const done = new Promise<void>((resolve) => clock.at(startMs + 4, resolve));
    clock.promptly(startMs + 2, () => order.push('user at 2'));
    clock.at(startMs + 2, () => order.push('load at 2'));
    clock.promptly(startMs + 1, () => order.push('user at 1'));
    clock.at(startMs + 3, () => order.push('load at 3'));
    clock.cancel(clock.promptly(startMs, () => order.push('cancelled')));
    await done;
    clock.close();
    expect(order).toEqual(['user at 1', 'load at 2', 'user at 2', 'load at 3']);
  });

  test('fires prompt timers without its alarm, too, and never early', async () => {
    for (const closes of [true, false]) {
      const clock = systemClock();
      if (closes) clock.close();
      for (let i = 0; i < 100; i++) {
        const atMs = clock.now() + (i % 4) + i / 100;
        await new Promise<void>((resolve) => clock.promptly(atMs, resolve));
        expect(clock.now()).toBeGreaterThanOrEqual(atMs);
      }
      clock.close();
    }
  });

  test('tells the wall-clock time of its zero', () => {
    const clock = systemClock();
    expect(Math.abs(clock.epochMs + clock.now() - Date.now())).toBeLessThan(60_000);
  });
});

test('the clock of an onlooker keeps no process alive, and no clock does by its alarm', () => {
  const program = `
    import { backgroundClock, systemClock } from './load/platform/clock.ts';
    backgroundClock().at(60_000, () => process.stdout.write('late '));
    systemClock().promptly(20, () => {
      process.stdout.write('users, too: ');
      systemClock().at(20, () => process.stdout.write('waited for '));
    });
    process.on('exit', () => process.stdout.write('over'));
  `;
  const options = { cwd: repository, encoding: 'utf8', timeout: 30_000 } as const;
  const words = ['--import', 'tsx', '--input-type=module', '-e', program];
  expect(execFileSync(process.execPath, words, options)).toBe('users, too: waited for over');
});
