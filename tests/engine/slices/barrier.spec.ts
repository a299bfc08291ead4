import { expect, test } from '@playwright/test';
import { Barrier, type Member } from '../../../load/slices/barrier.ts';
import type { FromCoordinator } from '../../../load/slices/messages.ts';
import { VirtualClock } from '../virtual-clock.ts';

class Listener implements Member {
  readonly index: number;
  readonly heard: FromCoordinator[] = [];

  constructor(index: number) {
    this.index = index;
  }

  get name(): string {
    return `slice ${this.index} of 3`;
  }

  readonly tell = (message: FromCoordinator): void => {
    this.heard.push(message);
  };
}

function barrierOfThree(patienceMs = 60_000) {
  const clock = new VirtualClock();
  const barrier = new Barrier({ clock, count: 3, patienceMs });
  return { clock, barrier, members: [1, 2, 3].map((index) => new Listener(index)) };
}

const ready = { type: 'ready', load: 1, plan: 'p' } as const;

test('all hear of one start, when the last one is ready', () => {
  const { clock, barrier, members } = barrierOfThree();
  for (const member of members) barrier.join(member);
  for (const member of members.slice(0, 2)) barrier.hear(member, ready);
  expect(members.flatMap(({ heard }) => heard)).toEqual([]);
  barrier.hear(members[2]!, ready);
  const start = { type: 'start', load: 1, epochMs: clock.epochMs + 1000 };
  expect(members.map(({ heard }) => heard)).toEqual([[start], [start], [start]]);
});

test('who comes late gets the target that was given out before', () => {
  const { barrier, members } = barrierOfThree();
  const target = { url: 'http://127.0.0.1:1', kind: 'reference', host: 'here' } as const;
  barrier.join(members[0]!);
  barrier.hear(members[0]!, { type: 'target', target });
  barrier.join(members[1]!);
  expect(members[1]!.heard).toEqual([{ type: 'target', target }]);
});

test('one that never comes is named when patience ends, and not a moment before', async () => {
  const { clock, barrier, members } = barrierOfThree(5000);
  barrier.join(members[0]!);
  await clock.run(2000);
  barrier.join(members[2]!);
  await clock.run(4999);
  expect(members[0]!.heard).toEqual([]);
  await clock.run(5000);
  const reason = 'slice 2 of 3 never came (5 s after the first)';
  const lost = { type: 'lost', loss: { kind: 'absent', slices: [2], reason } };
  expect(members[0]!.heard).toEqual([lost]);
  expect(members[2]!.heard).toEqual([lost]);
});

test('one that is lost is told to all others at once, and to who comes after', () => {
  const { barrier, members } = barrierOfThree();
  for (const member of members.slice(0, 2)) barrier.join(member);
  barrier.lose(members[1]!, 'its connection ended');
  const reason = 'slice 2 of 3 was lost: its connection ended';
  const lost = { type: 'lost', loss: { kind: 'lost', slices: [2], reason } };
  expect(members[0]!.heard).toEqual([lost]);
  barrier.join(members[2]!);
  expect(members[2]!.heard).toEqual([lost]);
});

test('what went wrong in one ends the load of all; the first reason stands', () => {
  const { barrier, members } = barrierOfThree();
  for (const member of members) barrier.join(member);
  barrier.hear(members[0]!, { type: 'failed', kind: 'failed', reason: 'Preflight: 401' });
  barrier.hear(members[1]!, { type: 'failed', kind: 'interrupted', reason: 'Ctrl-C' });
  const reason = 'slice 1 of 3: Preflight: 401';
  const lost = { type: 'lost', loss: { kind: 'failed', slices: [1], reason } };
  expect(members.map(({ heard }) => heard)).toEqual([[lost], [lost], [lost]]);
});

test('whether somebody ended the run of one is told apart from a failure, whatever the words', () => {
  const { barrier, members } = barrierOfThree();
  for (const member of members) barrier.join(member);
  barrier.hear(members[1]!, { type: 'failed', kind: 'interrupted', reason: 'Ctrl-C' });
  const loss = { kind: 'interrupted', slices: [2], reason: 'slice 2 of 3: Ctrl-C' };
  expect(members[0]!.heard).toEqual([{ type: 'lost', loss }]);
});

test('slices with another plan do not begin', () => {
  const { barrier, members } = barrierOfThree();
  for (const member of members) barrier.join(member);
  barrier.hear(members[0]!, ready);
  barrier.hear(members[1]!, { ...ready, plan: 'q' });
  const reason =
    'slice 2 of 3 is about to run another load than slice 1 of 3; accepted are slices of one ' +
    'commit, with the same tests, settings and seed';
  const loss = { kind: 'unlike', slices: [2], reason };
  expect(members[2]!.heard).toEqual([{ type: 'lost', loss }]);
});

test('a second one with the same number is refused, and the first goes on', () => {
  const { barrier, members } = barrierOfThree();
  expect(barrier.join(members[0]!)).toBeUndefined();
  expect(barrier.join(new Listener(1))).toContain('slice 1 of 3 is there already');
  expect(members[0]!.heard).toEqual([]);
});

test('the shared system is needed until the last one has left, or was lost', () => {
  const { barrier, members } = barrierOfThree();
  for (const member of members) barrier.join(member);
  barrier.hear(members[0]!, { type: 'leave' });
  barrier.hear(members[1]!, { type: 'leave' });
  expect(members[0]!.heard).toEqual([]);
  barrier.lose(members[2]!, 'silent for 5 s');
  expect(members[0]!.heard.at(-1)).toEqual({ type: 'allLeft' });
  expect(barrier.isOver).toBe(true);
});

test('one that leaves without the load keeps nobody waiting', () => {
  const { barrier, members } = barrierOfThree();
  for (const member of members) barrier.join(member);
  barrier.hear(members[0]!, ready);
  barrier.hear(members[1]!, { type: 'leave' });
  const reason = 'slice 2 of 3 left without the load that others wait for';
  const loss = { kind: 'left', slices: [2], reason };
  expect(members[0]!.heard).toEqual([{ type: 'lost', loss }]);
});

test('nor does one that left before the others were ready', () => {
  const { barrier, members } = barrierOfThree();
  for (const member of members) barrier.join(member);
  barrier.hear(members[1]!, { type: 'leave' });
  expect(members[0]!.heard).toEqual([]);
  barrier.hear(members[0]!, ready);
  const reason = 'slice 2 of 3 left without the load that others wait for';
  const loss = { kind: 'left', slices: [2], reason };
  expect(members[0]!.heard).toEqual([{ type: 'lost', loss }]);
});

test('where all that came have left, the end of patience lets them go', async () => {
  const { clock, barrier, members } = barrierOfThree(5000);
  for (const member of members.slice(0, 2)) {
    barrier.join(member);
    barrier.hear(member, { type: 'leave' });
  }
  await clock.run(4999);
  expect(members[0]!.heard).toEqual([]);
  await clock.run(5000);
  expect(members[0]!.heard.at(-1)).toEqual({ type: 'allLeft' });
  expect(members[1]!.heard.at(-1)).toEqual({ type: 'allLeft' });
});

test('so does the news that a process has ended that never came', () => {
  const { barrier, members } = barrierOfThree();
  for (const member of members.slice(0, 2)) {
    barrier.join(member);
    barrier.hear(member, { type: 'leave' });
  }
  barrier.expectNoMore(3, 'its process ended with exit code 130');
  expect(members[0]!.heard.at(-1)).toEqual({ type: 'allLeft' });
});

test('nobody waits for the slice of a process that has ended', () => {
  const { barrier, members } = barrierOfThree();
  barrier.join(members[0]!);
  barrier.expectNoMore(3, 'its process was ended by SIGKILL');
  const reason = 'slice 3 of 3 never came: its process was ended by SIGKILL';
  const loss = { kind: 'absent', slices: [3], reason };
  expect(members[0]!.heard).toEqual([{ type: 'lost', loss }]);
});
