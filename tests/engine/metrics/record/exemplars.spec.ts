import { expect, test } from '@playwright/test';
import type { Outcome } from '../../../../load/metrics/outcome.ts';
import { Exemplars } from '../../../../load/metrics/record/exemplars.ts';
import { Sample } from '../../../../load/metrics/record/sample.ts';

let index = 0;
const series = new Map<string, Sample['series']>();

interface Made {
  readonly task?: string;
  readonly request?: string;
  readonly user?: number;
  readonly atMs?: number;
  readonly tookMs?: number;
  readonly outcome?: Outcome;
  readonly kind?: Sample['errorKind'];
  readonly detail?: string;
}

/** A sample that has ended; each request name is a series of its own, as the registry has it. */
function made({
  task = 'buy',
  request = task,
  user = 0,
  atMs = 0,
  tookMs = 10,
  ...end
}: Made): Sample {
  const name = `${task} ${request}`;
  if (!series.has(name)) series.set(name, { index: index++, stream: 0, task, request });
  const sample = new Sample(series.get(name)!, atMs, atMs);
  sample.user = user;
  sample.startedAtMs = atMs + 1;
  sample.endedAtMs = atMs + tookMs;
  sample.judge(end.outcome ?? 'ok', end.kind, end.detail);
  return sample;
}

function told(samples: readonly Sample[], exemplars = new Exemplars()) {
  for (const sample of samples) exemplars.note(sample);
  return exemplars.take();
}

const others = Array.from({ length: 5 }, (_, user) => made({ user: user + 100, atMs: -1 }));

test('of each task the slowest request is told, whichever of its requests it is', () => {
  const requests = [
    made({ user: 9, atMs: 1, tookMs: 50 }),
    made({ user: 9, atMs: 2, tookMs: 70, request: 'pay' }),
    made({ user: 9, atMs: 3, tookMs: 60 }),
    made({ user: 9, atMs: 4, tookMs: 5, task: 'look' }),
  ];
  const slowest = told([...others, ...requests]).filter(({ why }) => why.includes('slowest'));
  expect(slowest.map(({ task, request, endedMs }) => [task, request, endedMs])).toEqual([
    ['buy', 'pay', 72],
    ['look', 'look', 9],
  ]);
});

test('the first of each kind of error of each task is told, with what was seen, cut', () => {
  const failed = { user: 9, outcome: 'failed' } as const;
  const requests = [
    made({ ...failed, atMs: 1, kind: 'status 500', detail: 'x'.repeat(300) }),
    made({ ...failed, atMs: 2, kind: 'status 500', detail: 'later' }),
    made({ ...failed, atMs: 3, kind: 'reset' }),
    made({ ...failed, atMs: 4, kind: 'reset', task: 'look' }),
  ];
  const first = told([...others, ...requests]).filter(({ why }) => why.includes('failed'));
  expect(first.map(({ scheduledMs, kind }) => [scheduledMs, kind])).toEqual([
    [1, 'status 500'],
    [3, 'reset'],
    [4, 'reset'],
  ]);
  expect(first[0]!.detail).toBe('x'.repeat(200));
});

test('all requests of five users are told, at most 200 of an interval', () => {
  const requests = Array.from({ length: 600 }, (_, i) => made({ user: i % 6, atMs: i, tookMs: 1 }));
  const sampled = told(requests).filter(({ why }) => why.includes('sampled'));
  expect(new Set(sampled.map(({ user }) => user))).toEqual(new Set([0, 1, 2, 3, 4]));
  expect(sampled).toHaveLength(200);
});

test('the same users are told in the next interval, and who is gone for two minutes gives way', () => {
  const exemplars = new Exemplars();
  told(
    Array.from({ length: 5 }, (_, user) => made({ user })),
    exemplars,
  );
  const soon = told(
    [made({ user: 7, atMs: 119_000 }), made({ user: 1, atMs: 119_000 })],
    exemplars,
  );
  expect(soon.filter(({ why }) => why.includes('sampled')).map(({ user }) => user)).toEqual([1]);
  const later = told(
    [made({ user: 7, atMs: 121_000 }), made({ user: 1, atMs: 121_000 })],
    exemplars,
  );
  expect(later.map(({ user }) => user)).toEqual([7, 1]);
});

test('a request that was never sent is told as it failed, and is no slowest one', () => {
  const sample = new Sample({ index: index++, stream: 0, task: 'buy', request: 'buy' }, 5, 5);
  sample.judge('dropped', 'dropped');
  const [one, ...more] = told([sample]);
  expect([one, more]).toEqual([
    {
      why: ['failed'],
      task: 'buy',
      request: 'buy',
      scheduledMs: 5,
      outcome: 'dropped',
      kind: 'dropped',
    },
    [],
  ]);
});

test('one that is told for several reasons is told once, with its times, labels, trace and tokens', () => {
  const sample = made({ user: 3, atMs: 1.0004, tookMs: 20, outcome: 'invalid', kind: 'schema' });
  Object.assign(sample, { labels: { turn: '2' }, trace: 'abc', tokens: 7 });
  sample.add('ttft', 4);
  expect(told([sample])).toEqual([
    {
      why: ['slowest', 'failed', 'sampled'],
      task: 'buy',
      request: 'buy',
      user: 3,
      scheduledMs: 1,
      startedMs: 2,
      endedMs: 21,
      outcome: 'invalid',
      kind: 'schema',
      trace: 'abc',
      labels: { turn: '2' },
      ttftMs: 4,
      tokens: 7,
    },
  ]);
});
