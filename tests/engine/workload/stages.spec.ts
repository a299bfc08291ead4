import { expect, test } from '@playwright/test';
import { stages, type Stage } from '../../../load/workload/stages.ts';

test('each stage runs straight from the level before to its own; levels that hold are judged', () => {
  const workload = stages([
    { users: 20, duration: '10s' },
    { users: 20, duration: '1m' },
    { users: 50, duration: '10s' },
    { users: 50, duration: '1m' },
    { users: 0, duration: '5s' },
  ]);
  expect(workload.segments).toEqual([
    { startMs: 0, endMs: 10_000, from: 0, to: 20 },
    { startMs: 10_000, endMs: 70_000, from: 20, to: 20 },
    { startMs: 70_000, endMs: 80_000, from: 20, to: 50 },
    { startMs: 80_000, endMs: 140_000, from: 50, to: 50 },
    { startMs: 140_000, endMs: 145_000, from: 50, to: 0 },
  ]);
  expect(workload.phases.map(({ name, judged }) => [name, judged])).toEqual([
    ['ramp-up', false],
    ['steady state', true],
    ['ramp-up', false],
    ['steady state', true],
    ['ramp-down', false],
  ]);
  expect(workload).toMatchObject({ level: '50-users', model: 'closed', kind: 'stages' });
  expect(workload.describedAs).toBe(
    'users from 0 to 20 in 10 s, 20 in 60 s, 50 in 10 s, 50 in 60 s, 0 in 5 s',
  );
});

test('a load may begin at a level', () => {
  const { segments, level } = stages([{ users: 5, duration: 1000 }], { from: 5 });
  expect(segments).toEqual([{ startMs: 0, endMs: 1000, from: 5, to: 5 }]);
  expect(level).toBe('5-users');
});

test('two ramps in a row are one phase', () => {
  const workload = stages([
    { users: 5, duration: 1000 },
    { users: 50, duration: 1000 },
    { users: 50, duration: 1000 },
  ]);
  expect(workload.phases.map(({ name, startMs, endMs }) => [name, startMs, endMs])).toEqual([
    ['ramp-up', 0, 2000],
    ['steady state', 2000, 3000],
  ]);
});

for (const [what, list] of [
  ['no stage holds its level', [{ users: 5, duration: 1000 }]],
  ['nobody is ever there', [{ users: 0, duration: 1000 }]],
] as const) {
  test(`a course in which ${what} is refused: nothing would be judged`, () => {
    expect(() => stages(list)).toThrow('none holds its level');
  });
}

for (const [what, list, message] of [
  ['no stage', [], 'stages.stages: '],
  ['half a user', [{ users: 0.5, duration: 1000 }], 'stages.stages.0.users: '],
  ['a negative level', [{ users: -1, duration: 1000 }], 'stages.stages.0.users: '],
  ['NaN users', [{ users: NaN, duration: 1000 }], 'stages.stages.0.users: '],
  ['1e308 users', [{ users: 1e308, duration: 1000 }], 'stages.stages.0.users: '],
  ['no duration', [{ users: 5 }], 'stages.stages.0.duration: '],
  ['a stage of 0 ms', [{ users: 5, duration: 0 }], 'stages.stages.0.duration: 0: must be above 0'],
  ['an unknown key', [{ users: 5, duration: 1, ramp: 2 }], 'stages.stages.0.ramp: unknown (got 2)'],
  ['text', ['5 users'], 'stages.stages.0: '],
] as const) {
  test(`stages with ${what} are refused by path`, () => {
    expect(() => stages(list as unknown as Stage[])).toThrow(message);
  });
}
