/** Changes at critical moments: between two arrivals, after the planned end, and repeated. */
import { expect, test } from '@playwright/test';
import { mkdirSync, symlinkSync } from 'node:fs';
import { steeringOf } from '../../../fixtures/steering-source.ts';
import type { Timer } from '../../../load/platform/clock.ts';
import { custom } from '../../../load/workload/custom.ts';
import { answersAfter, runVirtually } from '../virtual-load.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { expectWhole, steered, tenPerSecond, tenUsers, user } from './steered-load.ts';

/** No timer fires between these two moments; what was due comes after them, in order. */
class StalledClock extends VirtualClock {
  override at(atMs: number, callback: () => void): Timer {
    const isStalled = atMs > 19_000 && atMs < 20_100;
    return super.at(isStalled ? 20_100 + (atMs - 20_100) * 1e-6 : atMs, callback);
  }
}

test('the rate that it has already lets the next arrival come when it is due', async () => {
  const onePerSecond = custom({ LOAD_RATE: '1/s', LOAD_DURATION: '20s' });
  const { requests } = await steered(onePerSecond, [[5000, '{"rate": 1}']]);
  expect(requests.map(({ atMs }) => atMs)).toEqual(Array.from({ length: 20 }, (_, k) => k * 1000));
});

for (const [model, workload, text] of [
  ['open', tenPerSecond, '{"rate": 20}'],
  ['closed', tenUsers, '{"users": 20}'],
] as const) {
  test(`${model} model: a change that is met past the planned end changes nothing, and nothing is lost`, async () => {
    const at = { system: answersAfter(100), clock: new StalledClock() };
    const { result, requests } = await steered(workload, [[19_200, text]], {
      ...at,
      request: {
        steering: { read: () => (at.clock.now() > 19_200 ? text : undefined) },
      },
    });
    const plain = await runVirtually({ workload, user, ...at, clock: new StalledClock() });
    expect(result.stages).toEqual([]);
    expect(result.scheduled).toBe(plain.result.scheduled);
    expectWhole(result, requests);
  });
}

test('what an earlier load was asked is done when it is asked again, in the same words', async () => {
  const clock = new VirtualClock();
  const { result } = await runVirtually({
    clock,
    workload: tenUsers,
    user,
    system: answersAfter(100),
    request: {
      steering: { read: () => '{"users": 40}', writtenMs: () => (clock.now() < 5000 ? 1 : 2) },
    },
  });
  expect(result.stages).toMatchObject([{ atMs: 5450, to: 40 }]);
});

for (const what of ['device', 'folder'] as const) {
  test(`a ${what} in the place of the control file is refused at once`, ({}, testInfo) => {
    const runFolder = testInfo.outputPath();
    const path = testInfo.outputPath('control.json');
    if (what === 'folder') mkdirSync(path);
    else symlinkSync('/dev/null', path);
    const source = steeringOf(tenUsers, { runFolder, slice: undefined, shard: null });
    expect(() => source!.read()).toThrow('control.json: is no file; accepted is a file of JSON');
  });
}
