/** Deadlines in virtual time: exact, in order, and each entry ended once. */
import { expect, test } from '@playwright/test';
import { Deadlines, InFlight } from '../../../load/clients/deadlines.ts';
import { VirtualClock } from '../virtual-clock.ts';

class Entry extends InFlight {
  readonly ends: string[] = [];
  private readonly clock: VirtualClock;

  constructor(clock: VirtualClock) {
    super();
    this.clock = clock;
  }

  expire(reason: string): void {
    this.ends.push(`${reason} ${this.clock.now()}`);
  }
}

function make() {
  const clock = new VirtualClock();
  return { clock, deadlines: new Deadlines(clock), entry: () => new Entry(clock) };
}

test('each entry ends exactly at its deadline, whatever the others do', async () => {
  const { clock, deadlines, entry } = make();
  const entries = [entry(), entry(), entry(), entry()];
  deadlines.add(entries[0]!, 100, clock.now());
  deadlines.add(entries[1]!, 30, clock.now());
  await clock.run(10);
  deadlines.add(entries[2]!, 100, clock.now());
  deadlines.add(entries[3]!, 30, clock.now());
  await clock.run(1000);
  expect(entries.map(({ ends }) => ends)).toEqual([
    ['timeout 100'],
    ['timeout 30'],
    ['timeout 110'],
    ['timeout 40'],
  ]);
});

test('one that goes on after a pause ends at its own deadline, before the later ones', async () => {
  const { clock, deadlines, entry } = make();
  const entries = [entry(), entry(), entry()];
  await clock.run(20);
  deadlines.add(entries[0]!, 100, 20);
  await clock.run(30);
  deadlines.add(entries[1]!, 100, 30);
  // Sent before both, and before the one for which the timer is set.
  deadlines.add(entries[2]!, 100, 5);
  deadlines.remove(entries[0]!);
  deadlines.add(entries[0]!, 100, 20);
  await clock.run(1000);
  expect(entries.map(({ ends }) => ends)).toEqual([
    ['timeout 120'],
    ['timeout 130'],
    ['timeout 105'],
  ]);
});

test('what was removed does not end, from the head, the middle or the tail', async () => {
  for (const gone of [0, 1, 2]) {
    const { clock, deadlines, entry } = make();
    const entries = [entry(), entry(), entry()];
    for (const one of entries) {
      deadlines.add(one, 50, clock.now());
      await clock.run(clock.now() + 1);
    }
    deadlines.remove(entries[gone]!);
    deadlines.remove(entries[gone]!);
    await clock.run(1000);
    const right = [['timeout 50'], ['timeout 51'], ['timeout 52']];
    expect(entries.map(({ ends }) => ends)).toEqual(
      right.map((ends, i) => (i === gone ? [] : ends)),
    );
  }
});

test('interrupting ends everything once, and deadlines do not come on top', async () => {
  const { clock, deadlines, entry } = make();
  const entries = [entry(), entry()];
  deadlines.add(entries[0]!, 50, clock.now());
  deadlines.add(entries[1]!, 70, clock.now());
  await clock.run(20);
  deadlines.interruptAll();
  await clock.run(1000);
  expect(entries.map(({ ends }) => ends)).toEqual([['interrupted 20'], ['interrupted 20']]);
});

test('10 000 requests in flight of one deadline need one timer', async () => {
  const { clock, deadlines, entry } = make();
  let timers = 0;
  const at = clock.at.bind(clock);
  clock.at = (atMs, callback) => {
    timers += 1;
    return at(atMs, callback);
  };
  const entries = Array.from({ length: 10_000 }, entry);
  for (const one of entries) deadlines.add(one, 50, clock.now());
  expect(timers).toBe(1);
  await clock.run(100);
  expect(entries.every(({ ends }) => ends.length === 1)).toBe(true);
});

/** The answers that arrive in the turn of the event loop after an instant's timers. */
function inTurnAt(clock: VirtualClock, atMs: number, read: () => void): void {
  clock.at(atMs, () => {
    setImmediate(read);
  });
}

test('an answer that is read in the turn after its deadline is an answer', async () => {
  const { clock, deadlines, entry } = make();
  const [answered, silent] = [entry(), entry()];
  inTurnAt(clock, 50, () => {
    deadlines.remove(answered);
  });
  deadlines.add(answered, 50, clock.now());
  deadlines.add(silent, 50, clock.now());
  await clock.run(1000);
  expect([answered.ends, silent.ends]).toEqual([[], ['timeout 50']]);
});

test('what is sent in that turn, or is due a moment later, ends at its own deadline', async () => {
  const { clock, deadlines, entry } = make();
  const [first, second, third] = [entry(), entry(), entry()];
  inTurnAt(clock, 50, () => {
    deadlines.remove(first);
    deadlines.add(third, 50, clock.now());
  });
  deadlines.add(first, 50, clock.now());
  await clock.run(1);
  deadlines.add(second, 50, clock.now());
  await clock.run(1000);
  expect([first, second, third].map(({ ends }) => ends)).toEqual([
    [],
    ['timeout 51'],
    ['timeout 100'],
  ]);
});

test('what was interrupted in that turn does not time out on top', async () => {
  const { clock, deadlines, entry } = make();
  const one = entry();
  inTurnAt(clock, 50, () => {
    deadlines.interruptAll();
  });
  deadlines.add(one, 50, clock.now());
  await clock.run(1000);
  expect(one.ends).toEqual(['interrupted 50']);
});
