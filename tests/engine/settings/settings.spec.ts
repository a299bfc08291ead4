import { expect, test } from '@playwright/test';
import { readSettings, settingsSchema } from '../../../load/settings/settings.ts';

test('an empty environment gives the defaults', () => {
  expect(readSettings({})).toEqual({
    LOAD_TIME_SCALE: 1,
    LOAD_COORDINATOR_PATIENCE: 60_000,
    LOAD_SEED: 1,
    LOAD_SAMPLES: false,
    LOAD_QUIET: false,
    LOAD_DASHBOARD: 0,
    LOAD_STREAM: false,
    LOAD_ALLOW_HOSTS: [],
    LOAD_MAX_MINUTES: 180,
    LOAD_MONITOR_INTERVAL: 5000,
    LOAD_ENVIRONMENT: 'local',
    LOAD_HISTORY: false,
    LOAD_RUN_ID: 'unnamed',
    LOAD_RUN_DIR: 'reports/unnamed',
  });
});

for (const [name, value, read] of [
  ['LOAD_TIME_SCALE', '0.1', 0.1],
  ['LOAD_TIME_SCALE', '.5', 0.5],
  ['LOAD_TIME_SCALE', '1', 1],
  ['LOAD_SEED', '42', 42],
  ['LOAD_ENVIRONMENT', 'staging-2', 'staging-2'],
  ['LOAD_SEED', '0', 0],
  ['LOAD_USERS', '200', 200],
  ['LOAD_SPAWN_RATE', '10/s', '10/s'],
  ['LOAD_DURATION', '2m', '2m'],
  ['LOAD_THINK', '2s-5s', '2s-5s'],
  ['LOAD_THINK', '2s', '2s'],
  ['LOAD_THINK', '0', '0'],
  ['LOAD_RATE', '50/s', '50/s'],
  ['LOAD_BUDGETS', 'p95<2s,errorRate<1%', { p95: '< 2 s', errorRate: '< 1 %' }],
  ['LOAD_WARM_UP', '30s', '30s'],
  ['LOAD_SAMPLES', '1', true],
  ['LOAD_QUIET', '0', false],
  ['LOAD_DASHBOARD', '1', 1],
  ['LOAD_DASHBOARD', '8080', 8080],
  ['LOAD_MONITOR_INTERVAL', '10s', 10_000],
  ['LOAD_ALLOW_HOSTS', ' a.example.com, b.example.com ,', ['a.example.com', 'b.example.com']],
  ['LOAD_MAX_MINUTES', '5', 5],
  ['LOAD_RUN_ID', '2026-01-01T00-00-00-abcd', '2026-01-01T00-00-00-abcd'],
] as const) {
  test(`${name}=${value} is understood`, () => {
    expect(readSettings({ [name]: value })).toHaveProperty(name, read);
  });
}

for (const [name, value, accepted] of [
  ['LOAD_TIME_SCALE', '0', 'a number above 0'],
  ['LOAD_TIME_SCALE', '2', 'at most 1'],
  ['LOAD_TIME_SCALE', '-1', 'a number above 0, at most 1'],
  ['LOAD_TIME_SCALE', '1e308', 'a number above 0, at most 1'],
  ['LOAD_TIME_SCALE', 'NaN', 'a number above 0, at most 1'],
  ['LOAD_TIME_SCALE', '', 'a number above 0, at most 1'],
  ['LOAD_SEED', '1.5', 'a whole number'],
  ['LOAD_SEED', '-1', 'a whole number'],
  ['LOAD_MONITOR_INTERVAL', '100ms', 'at least 500ms'],
  ['LOAD_ENVIRONMENT', '../prod', 'lower-case letters, digits and hyphens'],
  ['LOAD_USERS', '0', 'a whole number from 1 on'],
  ['LOAD_USERS', 'ten', 'a whole number'],
  ['LOAD_SPAWN_RATE', '0/s', 'must be above 0'],
  ['LOAD_SPAWN_RATE', '5/d', 'is no rate; accepted'],
  ['LOAD_DURATION', '0', 'must be above 0'],
  ['LOAD_DURATION', '10', 'is no duration; accepted'],
  ['LOAD_THINK', '', 'a duration, or two with a hyphen'],
  ['LOAD_THINK', '-2s', 'a duration, or two with a hyphen'],
  ['LOAD_THINK', '2', 'is no duration; accepted'],
  ['LOAD_THINK', '2s-soon', 'is no duration; accepted'],
  ['LOAD_THINK', '5s-2s', 'the second must be larger'],
  ['LOAD_THINK', '1s-2s-3s', 'a duration, or two with a hyphen'],
  ['LOAD_RATE', '1e9/s', 'is no rate; accepted'],
  ['LOAD_RATE', '0', 'must be above 0'],
  ['LOAD_BUDGETS', 'p95', 'accepted is a list such as p95<2s,errorRate<1%'],
  ['LOAD_BUDGETS', '', 'accepted is a list such as p95<2s,errorRate<1%'],
  ['LOAD_WARM_UP', '30', 'is no duration; accepted'],
  ['LOAD_WARM_UP', '0s', 'must be above 0'],
  ['LOAD_SAMPLES', 'yes', '"0"|"1"'],
  ['LOAD_DASHBOARD', '80', '1, or a port from 1024 to 65535'],
  ['LOAD_DASHBOARD', '70000', '1, or a port from 1024 to 65535'],
  ['LOAD_DASHBOARD', 'yes', '1, or a port from 1024 to 65535'],
  ['LOAD_MAX_MINUTES', '0', '>=1'],
  ['LOAD_RUN_ID', '../../etc', 'letters, digits, dots, hyphens and underscores'],
  ['LOAD_RUN_ID', '', 'letters, digits, dots, hyphens and underscores'],
  ['LOAD_RUN_DIR', '', '>=1'],
] as const) {
  test(`${name}="${value}" is refused with what is accepted`, () => {
    const read = (): unknown => readSettings({ [name]: value });
    expect(read).toThrow(`${name}=${JSON.stringify(value)}: `);
    expect(read).toThrow(accepted);
  });
}

const meeting = {
  LOAD_SLICE: '2/4',
  LOAD_COORDINATOR: 'http://127.0.0.1:7070',
  LOAD_COORDINATOR_SECRET: 'sixteen-letters!',
};

test('a slice with its coordinator is understood', () => {
  const { LOAD_SLICE, LOAD_COORDINATOR } = readSettings(meeting);
  expect(LOAD_SLICE).toEqual({ index: 2, count: 4 });
  expect(LOAD_COORDINATOR).toBe('http://127.0.0.1:7070');
  expect(readSettings({ LOAD_SLICE: '1/2', LOAD_START_AT: '1790000000000' })).toMatchObject({
    LOAD_START_AT: 1_790_000_000_000,
  });
});

for (const [what, given, accepted] of [
  ['5/4', { ...meeting, LOAD_SLICE: '5/4' }, 'LOAD_SLICE="5/4": expected i/n with 1 ≤ i ≤ n'],
  ['0/4', { ...meeting, LOAD_SLICE: '0/4' }, 'such as 2/4'],
  ['alone', { LOAD_SLICE: '2/4' }, 'set LOAD_COORDINATOR, or for a single load LOAD_START_AT'],
  ['two ways to start', { ...meeting, LOAD_START_AT: '1790000000000' }, 'set only one of them'],
  ['no slice', { LOAD_START_AT: '1790000000000' }, 'set LOAD_SLICE, such as 2/4'],
  ['seconds', { LOAD_SLICE: '1/2', LOAD_START_AT: '1790000000' }, 'epoch milliseconds, 13 digits'],
  [
    'no secret',
    { ...meeting, LOAD_COORDINATOR_SECRET: undefined },
    'needs LOAD_COORDINATOR_SECRET',
  ],
  ['no address', { LOAD_COORDINATOR_SECRET: 'sixteen-letters!' }, 'needs LOAD_COORDINATOR as well'],
  ['a bare host', { ...meeting, LOAD_COORDINATOR: '127.0.0.1:7070' }, 'http://127.0.0.1:7070'],
] as const) {
  test(`slices, ${what}: refused with what is accepted`, () => {
    expect(() => readSettings(given)).toThrow(accepted);
  });
}

test('a secret is never told, also where it is wrong', () => {
  const read = (): unknown => readSettings({ ...meeting, LOAD_COORDINATOR_SECRET: 'hush' });
  expect(read).toThrow('LOAD_COORDINATOR_SECRET=…: 16 to 200 visible characters');
  expect(read).not.toThrow('hush');
});

for (const [name, meant] of [
  ['LOAD_USRES', 'LOAD_USERS'],
  ['LOAD_TIMESCALE', 'LOAD_TIME_SCALE'],
  ['LOAD_SEEDS', 'LOAD_SEED'],
  ['LOAD_THNIK', 'LOAD_THINK'],
  ['LOAD_COORDINATER', 'LOAD_COORDINATOR'],
  ['LOAD_MAX_MINUTE', 'LOAD_MAX_MINUTES'],
] as const) {
  test(`${name} is refused: ${meant} is near`, () => {
    expect(() => readSettings({ [name]: '5' })).toThrow(
      `${name}: no such setting; did you mean ${meant}?`,
    );
  });
}

test('everything wrong is told at once', () => {
  const read = (): unknown =>
    readSettings({ LOAD_SEED: 'x', LOAD_USERS: 'y', LOAD_TIMESCALE: '1' });
  for (const text of ['LOAD_SEED="x"', 'LOAD_USERS="y"', 'LOAD_TIMESCALE: no such']) {
    expect(read).toThrow(text);
  }
});

test('names that are like none of its own are none of its business', () => {
  const others = {
    PATH: '/bin',
    LOADS: '1',
    HEALTH_AGENT_URL: 'x',
    MCP_TIMEOUT: '5',
    LOAD_BALANCER_PORT: '80',
    LOAD_PATH: '/lib',
    LOAD_AVERAGE: '0.5',
    LOAD_: '',
  };
  expect(readSettings(others)).toEqual(readSettings({}));
});

test('every setting says what it is for', () => {
  const silent = Object.entries(settingsSchema.shape).filter(([, { description }]) => !description);
  expect(silent.map(([name]) => name)).toEqual([]);
});
