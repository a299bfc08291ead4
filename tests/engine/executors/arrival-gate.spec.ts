import { expect, test } from '@playwright/test';
import { ArrivalGate } from '../../../load/executors/arrival-gate.ts';
import { VirtualClock } from '../virtual-clock.ts';

test('it lets through at the instant, and not before', async () => {
  const clock = new VirtualClock();
  const gate = new ArrivalGate(clock);
  const through = gate.wait(500).then((reached) => [reached, clock.now()]);
  await clock.run();
  expect(await through).toEqual([true, 500]);
});

test('what is due already goes through at once', async () => {
  const clock = new VirtualClock();
  await clock.run(10);
  expect(await new ArrivalGate(clock).wait(10)).toBe(true);
});

test('closing it wakes all who wait, at once, and lets nobody through', async () => {
  const clock = new VirtualClock();
  const gate = new ArrivalGate(clock);
  const waits = [100, 200, 300].map((atMs) => gate.wait(atMs).then((ok) => [ok, clock.now()]));
  clock.at(150, () => {
    gate.close();
  });
  await clock.run();
  expect(await Promise.all(waits)).toEqual([
    [true, 100],
    [false, 150],
    [false, 150],
  ]);
});

test('as the load ends, what is due later is sent away, and what is late comes', async () => {
  const clock = new VirtualClock();
  const gate = new ArrivalGate(clock);
  const next = gate.wait(200);
  await clock.run(100);
  gate.endsAt(100);
  expect([await next, await gate.wait(95), await gate.wait(100)]).toEqual([false, true, false]);
  gate.nextArrivalMs = 95;
  expect(gate.isBehind).toBe(true);
  gate.nextArrivalMs = 100;
  expect(gate.isBehind).toBe(false);
  gate.close();
  expect(await gate.wait(95)).toBe(false);
});

test('once closed nobody gets through, however long it was due', async () => {
  const gate = new ArrivalGate(new VirtualClock());
  gate.close();
  gate.close();
  expect(await gate.wait(0)).toBe(false);
  expect(gate.isCut).toBe(false);
});

test('cut is closed, and more', () => {
  const gate = new ArrivalGate(new VirtualClock());
  gate.cut();
  expect([gate.isClosed, gate.isCut]).toEqual([true, true]);
});

test('closing it leaves no timer behind', async () => {
  const clock = new VirtualClock();
  const gate = new ArrivalGate(clock);
  void gate.wait(1e6);
  gate.close();
  await clock.run();
  expect(clock.now()).toBe(0);
});
