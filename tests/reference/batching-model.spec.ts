/** Continuous batching in virtual time, compared with the arithmetic of its stated costs. */
import { expect, test } from '@playwright/test';
import { BatchingModel, type Sequence } from '../../fixtures/reference/batching-model.ts';

const costs = {
  baseMs: 10,
  perPrefillTokenMs: 0.1,
  perSequenceMs: 0.5,
  maxSequences: 4,
  maxPrefillTokensPerStep: 1000,
};

interface Arrival extends Sequence {
  readonly name: string;
  readonly atMs: number;
}

/** Runs to the end: for each arrival, the times of its tokens. */
function simulate(arrivals: readonly Arrival[], more: Partial<typeof costs> = {}) {
  const model = new BatchingModel<Arrival>({ ...costs, ...more });
  const tokensMs = new Map(arrivals.map(({ name }) => [name, [] as number[]]));
  const coming = [...arrivals].sort((a, b) => a.atMs - b.atMs);
  let nowMs = 0;
  for (;;) {
    while (coming[0] !== undefined && coming[0].atMs <= nowMs) model.enqueue(coming.shift()!);
    const step = model.startStep();
    if (step === undefined) {
      if (coming[0] === undefined) return tokensMs;
      nowMs = coming[0].atMs;
      continue;
    }
    nowMs += step.durationMs;
    for (const { sequence } of model.endStep()) tokensMs.get(sequence.name)!.push(nowMs);
  }
}

function sequence(name: string, atMs: number, prefillTokens: number, outputTokens: number) {
  return { name, atMs, prefillTokens, outputTokens };
}

test('alone: the first token costs the prompt, each further one a step', () => {
  const times = simulate([sequence('a', 0, 200, 4)]).get('a')!;
  // 10 + 0.1·200 + 0.5 = 30.5, then 10.5 a step.
  expect(times).toEqual([30.5, 41, 51.5, 62]);
});

test('n together: a step costs every sequence in it', () => {
  const together = ['a', 'b', 'c'].map((name) => sequence(name, 0, 100, 3));
  const times = simulate(together);
  // 10 + 0.1·300 + 0.5·3 = 41.5, then 11.5 a step.
  for (const name of ['a', 'b', 'c']) expect(times.get(name)).toEqual([41.5, 53, 64.5]);
});

test('a newcomer joins between two steps, and its prompt delays those who run', () => {
  const times = simulate([sequence('a', 0, 0, 4), sequence('b', 5, 300, 1)]);
  expect(times.get('a')).toEqual([10.5, 51.5, 62, 72.5]);
  expect(times.get('b')).toEqual([51.5]);
});

test('more than fit wait in order of arrival, and join as places come free', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const times = simulate(
    names.map((name, i) => sequence(name, i / 1000, 0, i === 0 ? 2 : 3)),
    { maxSequences: 2 },
  );
  // a alone 10.5; a+b 21.5, a leaves; b+c 32.5, 43.5 ends b (3), c has 2; c+d 54.5 ends c; d+e …
  expect(times.get('a')).toEqual([10.5, 21.5]);
  expect(times.get('b')).toEqual([21.5, 32.5, 43.5]);
  expect(times.get('c')).toEqual([32.5, 43.5, 54.5]);
  expect(times.get('d')).toEqual([54.5, 65.5, 76.5]);
  expect(times.get('e')).toEqual([65.5, 76.5, 87.5]);
  expect(times.get('f')).toEqual([87.5, 98, 108.5]);
});

test('a prompt that no longer fits into the step waits, and nobody overtakes it', () => {
  const arrivals = [
    sequence('a', 0, 600, 1),
    sequence('long', 0, 600, 1),
    sequence('short', 0, 10, 1),
  ];
  const times = simulate(arrivals);
  expect(times.get('a')).toEqual([70.5]);
  expect(times.get('long')).toEqual([70.5 + 10 + 61 + 1]);
  expect(times.get('short')).toEqual(times.get('long'));
});

test('a prompt longer than a step takes in goes alone', () => {
  const times = simulate([sequence('huge', 0, 5000, 1), sequence('b', 0, 10, 1)]);
  expect(times.get('huge')).toEqual([510.5]);
  expect(times.get('b')).toEqual([510.5 + 11.5]);
});

test('a saturated server generates its sequences per step, whatever queues behind', () => {
  const arrivals = Array.from({ length: 200 }, (_, i) => sequence(`${i}`, 0, 0, 50));
  const times = [...simulate(arrivals).values()].flat();
  const lastMs = Math.max(...times);
  // 200 · 50 tokens, 4 in each step of 12 ms.
  expect(lastMs).toBeCloseTo(((200 * 50) / 4) * 12, 6);
  expect(times).toHaveLength(10_000);
});

test('the k-th of a queue waits for k whole answers where one sequence runs at a time', () => {
  const arrivals = Array.from({ length: 20 }, (_, i) => sequence(`${i}`, 0, 100, 10));
  const times = simulate(arrivals, { maxSequences: 1 });
  const answerMs = 10 * 10.5 + 10;
  for (let k = 0; k < 20; k++) {
    expect(times.get(`${k}`)!.at(0)).toBeCloseTo(k * answerMs + 20.5, 6);
  }
});

test('who leaves frees its place, running or waiting', () => {
  const model = new BatchingModel<Sequence>({ ...costs, maxSequences: 1 });
  const [a, b, c] = [1, 2, 3].map(() => ({ prefillTokens: 0, outputTokens: 5 }));
  for (const one of [a, b, c]) model.enqueue(one!);
  model.startStep();
  model.cancel(a!);
  model.cancel(b!);
  expect(model.endStep()).toEqual([]);
  expect(model.startStep()).toMatchObject({ sequences: 1 });
  expect(model.endStep()).toEqual([{ sequence: c, index: 0, isLast: false }]);
  model.cancel(c!);
  expect(model.startStep()).toBeUndefined();
  expect([model.running, model.waiting]).toEqual([0, 0]);
});

test('where the next tokens do not fit, who came last is put back and computed anew', () => {
  const model = new BatchingModel<Arrival>({ ...costs, kvTokens: 60 });
  const [a, b] = [sequence('a', 0, 20, 30), sequence('b', 0, 20, 30)];
  model.enqueue(a);
  model.enqueue(b);
  const tokens = { a: 0, b: 0 };
  let prefillOfSecond: number | undefined;
  for (let step = model.startStep(); step !== undefined; step = model.startStep()) {
    if (model.preemptions === 1 && tokens.a === 30) prefillOfSecond ??= step.prefillTokens;
    expect(model.kvUse).toBeLessThanOrEqual(1);
    for (const { sequence: of } of model.endStep()) tokens[of.name as 'a' | 'b'] += 1;
  }
  // Ten tokens each fill it: 20 + 10 twice. The second waits for the first to end, and then has its 20 prompt
  // tokens and the 10 that it had generated to compute.
  expect(tokens).toEqual({ a: 30, b: 30 });
  expect(model.preemptions).toBe(1);
  expect(prefillOfSecond).toBe(30);
});

test('one that is alone goes on, however long it is', () => {
  const model = new BatchingModel<Sequence>({ ...costs, kvTokens: 10 });
  model.enqueue({ prefillTokens: 50, outputTokens: 2 });
  expect(model.startStep()).toMatchObject({ sequences: 1, prefillTokens: 50 });
});
