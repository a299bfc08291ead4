/** Refused requests to change a load: a note, and the load goes on unchanged. */
import { expect, test } from '@playwright/test';
import type { SteeringSource } from '../../../load/run/steering.ts';
import { answersAfter, runVirtually } from '../virtual-load.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { expectWhole, fileOf, steered, tenUsers, user } from './steered-load.ts';

for (const [name, text, told] of [
  ['no JSON', '{"users": 4', /control.json: /],
  ['no object', '7', /control.json: .*got 7/],
  ['nobody', '{"users": 0}', /control.json.users: .*got 0/],
  ['a fraction of a user', '{"users": 2.5}', /control.json.users: /],
  ['too many', '{"users": 1e9}', /control.json.users: /],
  ['another field', '{"user": 4}', /control.json.user: unknown .*users, rate, stop/],
  [
    'a rate of a closed model',
    '{"rate": 5}',
    /rate: this load is a closed model; accepted is users/,
  ],
  ['a stop that is none', '{"stop": false}', /control.json.stop: accepted is true/],
  ['a hostile key', '{"__proto__": {"users": 4}}', /control.json: /],
] as const) {
  test(`${name}: a note, told once, and the load goes on as it was`, async () => {
    const { result, requests } = await steered(tenUsers, [[5000, text]]);
    expect(result.stages).toEqual([]);
    expect(result.end).toMatchObject({ cause: 'completed' });
    expect(result.notes).toHaveLength(1);
    expect(result.notes[0]).toMatch(told);
    expect(result.notes[0]).toMatch(/^not steered at second 5: /);
    expect(result.events.map(({ kind }) => kind)).toEqual(['not steered']);
    expectWhole(result, requests);
  });
}

test('a file that can’t be read is told once, and what comes after it is done', async () => {
  const clock = new VirtualClock();
  const steering: SteeringSource = {
    read: () => {
      if (clock.now() > 2000 && clock.now() < 6000) throw new Error('EACCES');
      return clock.now() > 8000 ? '{"users": 12}' : undefined;
    },
  };
  const { result } = await runVirtually({
    clock,
    workload: tenUsers,
    user,
    system: answersAfter(100),
    request: { steering },
  });
  expect(result.notes).toEqual(['not steered at second 2: EACCES']);
  expect(result.stages.map(({ to }) => to)).toEqual([12]);
});

test('a load that must not be steered says why, and takes its course', async () => {
  const clock = new VirtualClock();
  const controls = [[5000, '{"users": 30, "stop": true}']] as const;
  const source = { ...fileOf(clock, controls), refusal: 'this is slice 1 of 4' };
  const { result } = await steered(tenUsers, [], { clock, request: { steering: source } });
  expect(result.notes).toEqual(['not steered at second 5: this is slice 1 of 4']);
  expect(result.end).toMatchObject({ cause: 'completed' });
  expect(result.stages).toEqual([]);
});
