import { expect, test } from '@playwright/test';
import { VirtualClock } from '../../../load/platform/clock.ts';
import { Meeting, type Member } from '../../../load/slices/barrier.ts';
import type { FromCoordinator } from '../../../load/slices/messages.ts';

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

function meet(patienceMs = 60_000) {
  const clock = new VirtualClock();
  const meeting = new Meeting({ clock, count: 3, patienceMs });
  return { clock, meeting, members: [1, 2, 3].map((index) => new Listener(index)) };
}

const ready = { type: 'ready', load: 1, plan: 'p' } as const;

test('all hear of one start, when the last one is ready', () => {
  const { clock, meeting, members } = meet();
  for (const member of members) meeting.join(member);
  for (const member of members.slice(0, 2)) meeting.hear(member, ready);
  expect(members.flatMap(({ heard }) => heard)).toEqual([]);
  meeting.hear(members[2]!, ready);
  const start = { type: 'start', load: 1, epochMs: clock.epochMs + 1000 };
  expect(members.map(({ heard }) => heard)).toEqual([[start], [start], [start]]);
});

test('who comes late gets the target that was given out before', () => {
  const { meeting, members } = meet();
  const target = { url: 'http://127.0.0.1:1', kind: 'reference', host: 'here' } as const;
  meeting.join(members[0]!);
  meeting.hear(members[0]!, { type: 'target', target });
  meeting.join(members[1]!);
  expect(members[1]!.heard).toEqual([{ type: 'target', target }]);
});

test('one that never comes is named when patience ends, and not a moment before', async () => {
  const { clock, meeting, members } = meet(5000);
  meeting.join(members[0]!);
  await clock.run(2000);
  meeting.join(members[2]!);
  await clock.run(4999);
  expect(members[0]!.heard).toEqual([]);
  await clock.run(5000);
  const reason = 'slice 2 of 3 never came (5 s after the first)';
  expect(members[0]!.heard).toEqual([{ type: 'broken', reason }]);
  expect(members[2]!.heard).toEqual([{ type: 'broken', reason }]);
});

test('one that is lost is told to all others at once, and to who comes after', () => {
  const { meeting, members } = meet();
  for (const member of members.slice(0, 2)) meeting.join(member);
  meeting.lose(members[1]!, 'its connection ended');
  const broken = { type: 'broken', reason: 'slice 2 of 3 was lost: its connection ended' };
  expect(members[0]!.heard).toEqual([broken]);
  meeting.join(members[2]!);
  expect(members[2]!.heard).toEqual([broken]);
});

test('what went wrong in one ends the load of all; the first reason stands', () => {
  const { meeting, members } = meet();
  for (const member of members) meeting.join(member);
  meeting.hear(members[0]!, { type: 'failed', reason: 'Preflight: 401' });
  meeting.hear(members[1]!, { type: 'failed', reason: 'another' });
  const broken = { type: 'broken', reason: 'slice 1 of 3: Preflight: 401' };
  expect(members.map(({ heard }) => heard)).toEqual([[broken], [broken], [broken]]);
});

test('slices with another plan do not begin', () => {
  const { meeting, members } = meet();
  for (const member of members) meeting.join(member);
  meeting.hear(members[0]!, ready);
  meeting.hear(members[1]!, { ...ready, plan: 'q' });
  expect(members[2]!.heard).toMatchObject([{ type: 'broken' }]);
  expect(JSON.stringify(members[2]!.heard)).toContain('slice 2 of 3 is about to run another load');
});

test('a second one with the same number is refused, and the first goes on', () => {
  const { meeting, members } = meet();
  expect(meeting.join(members[0]!)).toBeUndefined();
  expect(meeting.join(new Listener(1))).toContain('slice 1 of 3 is there already');
  expect(members[0]!.heard).toEqual([]);
});

test('the shared system is needed until the last one has left, or was lost', () => {
  const { meeting, members } = meet();
  for (const member of members) meeting.join(member);
  meeting.hear(members[0]!, { type: 'leave' });
  meeting.hear(members[1]!, { type: 'leave' });
  expect(members[0]!.heard).toEqual([]);
  meeting.lose(members[2]!, 'silent for 5 s');
  expect(members[0]!.heard.at(-1)).toEqual({ type: 'allLeft' });
  expect(meeting.isOver).toBe(true);
});

test('one that leaves without the load keeps nobody waiting', () => {
  const { meeting, members } = meet();
  for (const member of members) meeting.join(member);
  meeting.hear(members[0]!, ready);
  meeting.hear(members[1]!, { type: 'leave' });
  const reason = 'slice 2 of 3 left without the load that others wait for';
  expect(members[0]!.heard).toEqual([{ type: 'broken', reason }]);
});

test('nor does one that left before the others were ready', () => {
  const { meeting, members } = meet();
  for (const member of members) meeting.join(member);
  meeting.hear(members[1]!, { type: 'leave' });
  expect(members[0]!.heard).toEqual([]);
  meeting.hear(members[0]!, ready);
  const reason = 'slice 2 of 3 left without the load that others wait for';
  expect(members[0]!.heard).toEqual([{ type: 'broken', reason }]);
});

test('where all that came have left, the end of patience lets them go', async () => {
  const { clock, meeting, members } = meet(5000);
  for (const member of members.slice(0, 2)) {
    meeting.join(member);
    meeting.hear(member, { type: 'leave' });
  }
  await clock.run(4999);
  expect(members[0]!.heard).toEqual([]);
  await clock.run(5000);
  expect(members[0]!.heard.at(-1)).toEqual({ type: 'allLeft' });
  expect(members[1]!.heard.at(-1)).toEqual({ type: 'allLeft' });
});

test('so does the news that a process has ended that never came', () => {
  const { meeting, members } = meet();
  for (const member of members.slice(0, 2)) {
    meeting.join(member);
    meeting.hear(member, { type: 'leave' });
  }
  meeting.expectNoMore(3, 'its process ended with exit code 130');
  expect(members[0]!.heard.at(-1)).toEqual({ type: 'allLeft' });
});

test('of a process that has ended nobody waits for its slice', () => {
  const { meeting, members } = meet();
  meeting.join(members[0]!);
  meeting.expectNoMore(3, 'its process was ended by SIGKILL');
  const reason = 'slice 3 of 3 never came: its process was ended by SIGKILL';
  expect(members[0]!.heard).toEqual([{ type: 'broken', reason }]);
});
