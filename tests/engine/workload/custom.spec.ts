import { expect, test } from '@playwright/test';
import { readSettings } from '../../../load/settings/settings.ts';
import { between, constant } from '../../../load/workload/think-time.ts';
import { custom } from '../../../load/workload/custom.ts';

function customOf(environment: Record<string, string>): ReturnType<typeof custom> {
  return custom(readSettings(environment));
}

test('without any setting it is ten users for a minute, all within a second', () => {
  expect(customOf({})).toMatchObject({
    model: 'closed',
    level: '10-users',
    isCustom: true,
    segments: [
      { endMs: 1000, to: 10 },
      { endMs: 60_000, to: 10 },
    ],
  });
});

test('users, spawn rate, duration and think time shape a closed model', () => {
  const workload = customOf({
    LOAD_USERS: '20',
    LOAD_SPAWN_RATE: '5/s',
    LOAD_DURATION: '2m',
    LOAD_THINK: '2s-5s',
  });
  expect(workload).toMatchObject({
    segments: [
      { endMs: 4000, to: 20 },
      { endMs: 120_000, to: 20 },
    ],
    thinkTime: between('2s', '5s'),
  });
});

test('a single think time is constant, and none is none', () => {
  expect(customOf({ LOAD_THINK: '2s' })).toMatchObject({ thinkTime: constant('2s') });
  expect(customOf({ LOAD_THINK: '0' })).toMatchObject({ thinkTime: constant(0) });
});

test('a rate makes an open model', () => {
  expect(customOf({ LOAD_RATE: '50/s', LOAD_DURATION: '10s' })).toMatchObject({
    model: 'open',
    isCustom: true,
    segments: [{ endMs: 10_000, from: 50, to: 50 }],
  });
});

for (const name of ['LOAD_USERS', 'LOAD_SPAWN_RATE', 'LOAD_THINK']) {
  test(`${name} beside a rate is refused`, () => {
    expect(() =>
      customOf({ LOAD_RATE: '50/s', [name]: '5s'.slice(0, name === 'LOAD_THINK' ? 2 : 1) }),
    ).toThrow(`${name}: has no meaning beside LOAD_RATE`);
  });
}
