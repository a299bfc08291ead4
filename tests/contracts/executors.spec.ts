/** Properties of every executor, whatever the work and its timing. */
import { expect, test } from '@playwright/test';
import { scheduledOf } from '../../load/metrics/outcome.ts';
import { outcomesOf } from '../../load/metrics/result/select.ts';
import { between } from '../../load/workload/think-time.ts';
import { arrivals } from '../../load/workload/arrivals.ts';
import { stages } from '../../load/workload/stages.ts';
import { spike, users } from '../../load/workload/users.ts';
import type { Workload } from '../../load/workload/workload.ts';
import {
  hangs,
  runVirtually,
  type SentRequest,
  type System,
  type VirtualLoad,
} from '../engine/virtual-load.ts';

const executors: readonly [string, Workload][] = [
  ['closed model', users({ count: 12, spawnRate: 4, duration: '20s' })],
  ['closed model, spike', spike({ count: 30, spawnRate: 60, duration: '10s' })],
  [
    'closed model, up and down',
    stages([5, 5, 12, 12, 2].map((count) => ({ users: count, duration: '4s' }))),
  ],
  ['open model, constant', arrivals({ rate: 15, duration: '20s' })],
  ['open model, Poisson', arrivals({ rate: 15, duration: '20s', process: 'poisson' })],
  ['open model, bursts', arrivals({ rate: 15, duration: '20s', process: { gamma: 0.2 } })],
  [
    'open model, ramping',
    arrivals({ stages: [20, 20, 5].map((rate) => ({ rate, duration: '6s' })) }),
  ],
];

/** Takes from 20 to 420 ms, as drawn by the iteration; one in twenty fails. */
const system: System = async ({ atMs, draws: [first, second] }, clock) => {
  await clock.until(atMs + 20 + 400 * first);
  if (second < 0.05) throw new Error('drawn to fail');
};

const user = { thinkTime: between(200, 900) };

function runOf(workload: Workload, more: Partial<VirtualLoad> = {}) {
  return runVirtually({ workload, system, user, ...more });
}

function inOrder(requests: readonly SentRequest[]): [number, number, number][] {
  const rows = requests.map(({ atMs, draws: [a, b] }): [number, number, number] => [atMs, a, b]);
  return rows.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
}

for (const [name, workload] of executors) {
  test.describe(name, () => {
    test('sends, to the planned end and not beyond', async () => {
      const { requests, result } = await runOf(workload);
      const endMs = Math.max(...workload.segments.map((segment) => segment.endMs));
      expect(requests.length).toBeGreaterThan(100);
      expect(Math.max(...requests.map(({ atMs }) => atMs))).toBeLessThanOrEqual(endMs);
      expect(result.end).toMatchObject({ cause: 'completed' });
    });

    test('stops arrivals at once when the gate closes, and lets what is in flight end', async () => {
      const { requests, result } = await runOf(workload, {
        during: (run, clock) => {
          clock.at(5432.1, () => {
            run.stop({ cause: 'interrupted', detail: 'Ctrl-C' });
          });
        },
      });
      expect(Math.max(...requests.map(({ atMs }) => atMs))).toBeLessThan(5432.1);
      expect(outcomesOf(result.series).interrupted ?? 0).toBe(0);
      expect(result.end?.cause).toBe('interrupted');
      expect(result.end?.atMs).toBeLessThan(5432.1 + 421);
    });

    test('accounts for every request, with errors, hangs and a cut', async () => {
      const sometimes: System = (request, clock) =>
        request.draws[1] > 0.9 ? hangs() : system(request, clock);
      const { requests, result } = await runOf(workload, { system: sometimes, deadline: '3s' });
      const counts = outcomesOf(result.series);
      expect(scheduledOf(counts)).toBe(result.scheduled);
      expect(result.end).toMatchObject({ scheduled: result.scheduled, sent: result.sent });
      expect(requests.length).toBe(result.sent);
      expect(counts.timeout).toBeGreaterThan(5);
      expect(counts.failed).toBeGreaterThan(2);
    });

    test('does the same again with the same seed, and something else with another', async () => {
      const [first, again, other] = await Promise.all(
        [1, 1, 2].map(async (seed) => inOrder((await runOf(workload, { seed })).requests)),
      );
      expect(again).toEqual(first);
      expect(other).not.toEqual(first);
    });

    for (const count of [2, 5]) {
      test(`in ${count} slices sends what it sends in one, at the same instants`, async () => {
        const whole = await runOf(workload, { shortened: true });
        const slices = Array.from({ length: count }, (_, i) => ({ index: i + 1, count }));
        const parts = await Promise.all(slices.map((slice) => runOf(workload, { slice })));
        const union = parts.flatMap(({ requests }) => requests);
        expect(inOrder(union)).toEqual(inOrder(whole.requests));
        const numbers = parts.map(({ requests }) => new Set(requests.map((r) => r.userNumber)));
        const all = numbers.flatMap((own) => [...own]);
        expect(new Set(all).size).toBe(all.length);
      });
    }
  });
}
