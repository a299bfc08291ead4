/** One contract for all six systems with their reference services: what a load may rely on. */
import { expect, test } from '@playwright/test';
import { LoadRunner } from '../../fixtures/run-load.ts';
import { openTarget, type Target } from '../../fixtures/targets.ts';
import { httpClients } from '../../load/clients/http/http-clients.ts';
import { outcomesOf, selectSeries } from '../../load/metrics/result/select.ts';
import { preflight } from '../../load/run/preflight.ts';
import { users } from '../../load/workload/users.ts';
import { standInTest } from '../faults/driven-load.ts';
import { allOutcomes } from '../instrument/real-load.ts';
import { json } from './client-harness.ts';
import { relayTo } from './relay.ts';
import { contractSystems, type ContractSystem } from './contract-systems.ts';
import { realLoad, sequencesOf, silenceOf, type Sequences } from './system-loads.ts';

const targets = new Map<string, Promise<Target>>();

/** Each service once, and faster than usual, since the time of an answer does not matter here. */
function targetOf({ system }: ContractSystem): Promise<Target> {
  const known = targets.get(system);
  if (known !== undefined) return known;
  const before = process.env['REFERENCE_SLOWDOWN'];
  process.env['REFERENCE_SLOWDOWN'] = '0.05';
  const target = openTarget(system, {});
  if (before === undefined) delete process.env['REFERENCE_SLOWDOWN'];
  else process.env['REFERENCE_SLOWDOWN'] = before;
  targets.set(system, target);
  return target;
}

test.afterAll(async () => {
  for (const target of targets.values()) await (await target).stop();
});

for (const [name, one] of Object.entries(contractSystems)) {
  const { user, start, tasks } = one;
  const asked = [...start, ...Object.values(tasks).map(({ asks }) => asks)];

  test(`${name}: preflight runs every task once, and nothing else`, async () => {
    const { url, key } = await targetOf(one);
    const relay = await relayTo(url);
    const newClients = httpClients({ allowedHosts: [] });
    await preflight({ user, target: { url: relay.url, key }, newClients, runId: 'run', seed: 1 });
    expect(relay.seen).toEqual(asked);
    await relay.close();
  });

  for (const [i, task] of Object.keys(tasks).entries()) {
    test(`${name}: a wrong answer to "${task}" is the last, and no load is sent`, async () => {
      const target = await targetOf(one);
      const last = 1 + start.length + i;
      const relay = await relayTo(target.url, ({ number }, response) => {
        if (number < last) return false;
        json(response, { success: false, error: 'not today' });
        return true;
      });
      const runner = new LoadRunner(
        () => Promise.resolve({ ...target, url: relay.url }),
        standInTest(test.info(), 'smoke'),
      );
      const load = users({ count: 1, spawnRate: 1, duration: '2s' });
      await expect(runner.runLoad(user, load)).rejects.toThrow(`Preflight: task "${task}" ended`);
      expect(relay.seen).toEqual([one.health, ...asked].slice(0, last + 1));
      await relay.close();
    });
  }

  test(`${name}: a load that ends ok is what the service saw, in the order of its seed`, async () => {
    const { url, key } = await targetOf(one);
    const relay = await relayTo(url);
    const { result, sequences } = await realLoad(user, { url: relay.url, key });
    const sum = relay.seen.length;
    expect(allOutcomes(result)).toEqual({ ok: sum });
    expect({ scheduled: result.scheduled, sent: result.sent }).toEqual({
      scheduled: sum,
      sent: sum,
    });
    await relay.close();
    await expectSameTasks(one, sequences);
  });

  test(`${name}: another seed runs other tasks`, async () => {
    const [first, second] = [await sequencesOf(user, 1), await sequencesOf(user, 2)];
    for (const number of first.keys()) {
      expect(first.get(number)!.length).toBeGreaterThan(20);
      expect(second.get(number)!.slice(0, 20)).not.toEqual(first.get(number)!.slice(0, 20));
    }
  });

  for (const [task, { asks, deadlineMs }] of Object.entries(tasks)) {
    test(`${name}: an answer to "${task}" may take ${deadlineMs / 1000} s`, async () => {
      const target = await targetOf(one);
      const relay = await relayTo(target.url, ({ number }) => number >= start.length);
      const silent = { url: relay.url, key: target.key };
      const isAsked = () => relay.seen.length > start.length;
      const { result, waitedMs } = await silenceOf(user, task, silent, isAsked);
      expect(relay.seen).toEqual([...start, asks]);
      const series = selectSeries(result, { task, phases: 'all' });
      expect(outcomesOf(series)).toEqual({ timeout: 1 });
      expect(waitedMs).toBe(deadlineMs);
      await relay.close();
    });
  }
}

/** In real time and at a very different speed; the longer sequence is cut to the shorter. */
async function expectSameTasks({ user }: ContractSystem, real: Sequences): Promise<void> {
  const virtual = await sequencesOf(user, 1);
  expect([...real.keys()].sort()).toEqual([0, 1, 2]);
  for (const [number, own] of real) {
    const length = Math.min(own.length, virtual.get(number)!.length);
    expect(length).toBeGreaterThanOrEqual(8);
    expect(own.slice(0, length)).toEqual(virtual.get(number)!.slice(0, length));
  }
}
