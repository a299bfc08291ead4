import { expect, test } from '@playwright/test';
import { between, constant } from '../../../load/workload/think-time.ts';
import { type UsersOptions, smoke, spike, users } from '../../../load/workload/users.ts';

const good: UsersOptions = { count: 100, spawnRate: 10, duration: '10m' };

test('users are started one after another, and stay', () => {
  expect(users(good)).toEqual({
    model: 'closed',
    kind: 'users',
    thinkTime: undefined,
    level: '100-users',
    describedAs: '100 users, spawn rate 10/s, for 10 min',
    segments: [
      { startMs: 0, endMs: 10_000, from: 0, to: 100 },
      { startMs: 10_000, endMs: 600_000, from: 100, to: 100 },
    ],
    phases: [
      { name: 'ramp-up', startMs: 0, endMs: 10_000, judged: false },
      { name: 'steady state', startMs: 10_000, endMs: 600_000, judged: true },
    ],
  });
});

test('one user is one user', () => {
  expect(users({ ...good, count: 1 }).level).toBe('1-user');
});

test('a spike is judged from the first user on', () => {
  expect(spike(good)).toMatchObject({ kind: 'spike' });
  expect(spike({ ...good, spawnRate: 5 }).phases).toEqual([
    { name: 'onset', startMs: 0, endMs: 10_000, judged: true },
    { name: 'ramp-up', startMs: 10_000, endMs: 20_000, judged: true },
    { name: 'steady state', startMs: 20_000, endMs: 600_000, judged: true },
  ]);
});

test('a spike of less than ten seconds has no first ten seconds of its own', () => {
  const phases = spike({ ...good, spawnRate: 100, duration: '9s' }).phases;
  expect(phases.map(({ name, judged }) => [name, judged])).toEqual([
    ['ramp-up', true],
    ['steady state', true],
  ]);
});

test('a think time replaces the user’s own', () => {
  expect(users({ ...good, thinkTime: constant('2s') }).thinkTime).toEqual(constant(2000));
});

test('a warm-up comes before everything, on top of the duration, and is discarded', () => {
  const workload = users({ ...good, warmUp: { duration: '30s', users: 5 } });
  expect(workload.segments).toEqual([
    { startMs: 0, endMs: 30_000, from: 5, to: 5 },
    { startMs: 30_000, endMs: 39_500, from: 5, to: 100 },
    { startMs: 39_500, endMs: 630_000, from: 100, to: 100 },
  ]);
  expect(workload.phases.map(({ name, startMs, judged }) => [name, startMs, judged])).toEqual([
    ['warm-up', 0, false],
    ['ramp-up', 30_000, false],
    ['steady state', 39_500, true],
  ]);
});

test('a warm-up with all users leaves no ramp', () => {
  const { phases } = users({ ...good, warmUp: { duration: '30s', users: 100 } });
  expect(phases.map(({ name }) => name)).toEqual(['warm-up', 'steady state']);
});

test('a warm-up has one user unless more are stated', () => {
  expect(users({ ...good, warmUp: { duration: '1s' } }).segments[0]?.from).toBe(1);
});

/** Field, value and what of the message must name what is accepted. */
const bad: readonly [keyof UsersOptions, unknown, string][] = [
  ['count', 0, '>=1'],
  ['count', -5, '>=1'],
  ['count', 1.5, 'int'],
  ['count', NaN, 'number'],
  ['count', Infinity, 'number'],
  ['count', 1e308, '<='],
  ['count', 1_000_001, '<=1000000'],
  ['count', '100', 'number'],
  ['count', undefined, 'number'],
  ['spawnRate', 0, 'must be above 0'],
  ['spawnRate', -1, 'is no rate; accepted'],
  ['spawnRate', NaN, 'is no rate; accepted'],
  ['spawnRate', 1e308, 'is no rate; accepted'],
  ['spawnRate', '10/d', 'is no rate; accepted'],
  ['spawnRate', '10 s', 'is no rate; accepted'],
  ['spawnRate', '', 'is no rate; accepted'],
  ['spawnRate', null, 'is no rate; accepted'],
  ['duration', 0, 'must be above 0'],
  ['duration', -1, 'is no duration; accepted'],
  ['duration', NaN, 'is no duration; accepted'],
  ['duration', Infinity, 'is no duration; accepted'],
  ['duration', 1e308, 'is no duration; accepted'],
  ['duration', '10', 'is no duration; accepted'],
  ['duration', '10/s', 'is no duration; accepted'],
  ['duration', '', 'is no duration; accepted'],
  ['duration', true, 'is no duration; accepted'],
  ['duration', undefined, 'is no duration; accepted'],
  ['thinkTime', '5s', 'between(), constant() or pacing()'],
  ['warmUp', '5s', 'object'],
];

for (const [field, value, accepted] of bad) {
  const shown = typeof value === 'string' ? `"${value}"` : String(value);
  test(`users.${field}: ${shown} ${JSON.stringify(value)} is refused with what is accepted`, () => {
    const make = (): unknown => users({ ...good, [field]: value });
    expect(make).toThrow(`users.${field}: `);
    expect(make).toThrow(accepted);
    if (typeof value !== 'object') expect(make).toThrow(shown);
  });
}

test('a wrong value deep inside is named by its whole path', () => {
  expect(() => users({ ...good, warmUp: { duration: '5 min' } })).toThrow(
    'users.warmUp.duration: "5 min" is no duration; accepted',
  );
  expect(() => users({ ...good, warmUp: { duration: '5s', users: 0 } })).toThrow(
    'users.warmUp.users: ',
  );
});

test('a think time that was made by hand is checked', () => {
  const thinkTime = { kind: 'uniform', fromMs: 5, toMs: NaN } as const;
  expect(() => users({ ...good, thinkTime })).toThrow('users.thinkTime.toMs: ');
  const pause = { kind: 'pause' } as unknown as typeof thinkTime;
  expect(() => users({ ...good, thinkTime: pause })).toThrow('between(), constant() or pacing()');
});

test('an unknown field is refused by name, with the known ones', () => {
  const options = { ...good, spawnrate: 5 } as UsersOptions;
  expect(() => users(options)).toThrow(
    'users.spawnrate: unknown (got 5); accepted: count, spawnRate, duration, thinkTime, warmUp',
  );
});

test('everything wrong is told at once', () => {
  const make = (): unknown => users({ count: 0, spawnRate: '', duration: -1 });
  for (const text of ['users.count: ', 'users.spawnRate: ', 'users.duration: ']) {
    expect(make).toThrow(text);
  }
});

test('a load that ends before its users have started is refused', () => {
  const make = (): unknown => users({ count: 100, spawnRate: 10, duration: '10s' });
  expect(make).toThrow('users.duration: 10 s; 100 users at 10/s take 10 s to start');
  expect(() => spike({ count: 100, spawnRate: 10, duration: '9s' })).toThrow('spike.duration');
});

test('a warm-up with more users than the load is refused', () => {
  expect(() => users({ ...good, warmUp: { duration: '5s', users: 101 } })).toThrow(
    'users.warmUp.users: 101; at most the 100 users of the load',
  );
});

test('nothing at all is refused, not crashed on', () => {
  for (const options of [undefined, null, 5, 'x', []]) {
    expect(() => users(options as unknown as UsersOptions)).toThrow('users: ');
  }
});

test('a smoke is 10 users for 8 s who think twenty times as fast, too short on purpose', () => {
  expect(smoke({ thinkTime: between('5s', '15s') })).toMatchObject({
    isShortened: true,
    level: '10-users',
    thinkTime: between(250, 750),
    segments: [
      { endMs: 1000, to: 10 },
      { endMs: 8000, to: 10 },
    ],
  });
});
