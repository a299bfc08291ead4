import { expect, test } from '@playwright/test';
import type { RequestRecord } from '../../../load/metrics/log/request-record.ts';
import { MergedRequests } from '../../../load/slices/merge-requests.ts';
import { intervalLine } from '../metrics/lines.ts';

function request(more: Partial<RequestRecord>): RequestRecord {
  return { why: ['sampled'], task: 'buy', request: 'buy', scheduledMs: 0, outcome: 'ok', ...more };
}

function merged(slices: readonly (readonly RequestRecord[])[], merge = new MergedRequests()) {
  return merge.of(slices.map((requests) => intervalLine({ requests: [...requests] })));
}

test('of each task the slowest of all slices is told, and the first of each kind of error', () => {
  const slow = (scheduledMs: number, endedMs: number) =>
    request({ why: ['slowest'], scheduledMs, startedMs: scheduledMs, endedMs });
  const failed = (scheduledMs: number) =>
    request({ why: ['failed'], scheduledMs, outcome: 'failed', kind: 'reset' });
  const all = merged([
    [slow(1, 50), failed(9)],
    [slow(2, 90), failed(3)],
  ]);
  expect(all).toEqual([slow(2, 90), failed(3)]);
});

test('sampled users of all slices together are five, the same in each interval', () => {
  const merge = new MergedRequests();
  const ofUsers = (users: readonly number[]) => users.map((user) => request({ user }));
  const first = merged([ofUsers([0, 2, 4]), ofUsers([1, 3, 5])], merge);
  const next = merged([ofUsers([4, 2, 0]), ofUsers([5, 3, 1])], merge);
  const usersOf = (requests: typeof first) => new Set(requests?.map(({ user }) => user));
  expect(usersOf(first).size).toBe(5);
  expect(usersOf(next)).toEqual(usersOf(first));
});

test('slices that tell of none, as those of earlier versions, make a line without them', () => {
  const { requests, ...older } = intervalLine();
  expect(requests).toBeDefined();
  expect(new MergedRequests().of([older, older])).toBeUndefined();
});
