import { expect, test } from '@playwright/test';
import { OpenSamples, Sample } from '../../../../load/metrics/record/sample.ts';

const ref = { index: 0, stream: 0, task: 'chat', request: 'chat' };

function fourSamples(): [Sample, Sample, Sample, Sample] {
  const sampleAt = (atMs: number): Sample => new Sample(ref, atMs, atMs);
  return [sampleAt(1), sampleAt(2), sampleAt(3), sampleAt(4)];
}

function moments(open: OpenSamples): number[] {
  return [...open].map(({ scheduledAtMs }) => scheduledAtMs);
}

test('samples come in the order in which they were sent, whichever left', () => {
  const [a, b, c, d] = fourSamples();
  const open = new OpenSamples();
  for (const sample of [a, b, c, d]) open.add(sample);
  open.remove(b);
  expect(moments(open)).toEqual([1, 3, 4]);
  open.remove(a);
  open.remove(d);
  expect(moments(open)).toEqual([3]);
  open.add(b);
  expect(moments(open)).toEqual([3, 2]);
  open.remove(c);
  open.remove(b);
  expect(moments(open)).toEqual([]);
  open.add(d);
  expect(moments(open)).toEqual([4]);
});

test('one that was never sent, or left before, changes nothing', () => {
  const [a, b, c] = fourSamples();
  const open = new OpenSamples();
  open.add(a);
  open.remove(c);
  open.remove(a);
  open.add(b);
  open.remove(a);
  expect(moments(open)).toEqual([2]);
});

test('the one that is looked at may leave', () => {
  const open = new OpenSamples();
  for (const sample of fourSamples()) open.add(sample);
  const seen: number[] = [];
  for (const sample of open) {
    seen.push(sample.scheduledAtMs);
    open.remove(sample);
  }
  expect([seen, moments(open)]).toEqual([[1, 2, 3, 4], []]);
});

test('a sample says whether it was sent and whether it is over, also before the start of the clock', () => {
  const sample = new Sample(ref, -5, -5);
  expect([sample.isSent, sample.hasEnded]).toEqual([false, false]);
  sample.startedAtMs = -4;
  expect([sample.isSent, sample.hasEnded]).toEqual([true, false]);
  sample.endedAtMs = -3;
  expect([sample.isSent, sample.hasEnded]).toEqual([true, true]);
});
