import { expect, test } from '@playwright/test';
import { judge } from '../../../load/budgets/judge.ts';
import { readResult } from '../../../load/metrics/log/reader.ts';
import type { MonitorSource } from '../../../load/monitor/source.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { answersAfter, runVirtually, stopAt, type SentRequest } from '../virtual-load.ts';

const workload = arrivals({ rate: 10, duration: '12s', warmUp: '2500ms' });

/** Counts what the scripted system was sent: all of it is a hit in the warm-up, nothing is after. */
function hitsUntil(ms: number, sent: readonly SentRequest[]): MonitorSource {
  return {
    name: 'counts',
    open() {
      let [hits, all] = [0, 0];
      return {
        read(spanMs) {
          const before = { hits, all };
          hits = sent.filter(({ atMs }) => atMs < ms).length;
          all = sent.length;
          if (spanMs === undefined) return Promise.resolve({});
          const ratio = { part: hits - before.hits, whole: all - before.all };
          return Promise.resolve({ ratios: { cacheHitRate: ratio } });
        },
      };
    },
  };
}

function monitored(more: Partial<Parameters<typeof runVirtually>[0]> = {}) {
  const sent: SentRequest[] = [];
  return runVirtually({
    workload,
    user: { monitor: hitsUntil(2500, sent) },
    system: (request, clock) => {
      sent.push(request);
      return answersAfter(300)(request, clock);
    },
    budgets: [{ key: 'cacheHitRate', limit: '<= 0 %' }],
    ...more,
  });
}

test('reads at the borders of phases, so that the warm-up is in no figure', async () => {
  const logPath = test.info().outputPath('log.ndjson');
  const { result } = await monitored({ logPath });
  const spans = result.readings.map(({ fromMs, toMs }) => [fromMs, toMs]);
  expect(spans.slice(0, 4)).toEqual([
    [0, 2500],
    [2500, 5000],
    [5000, 10_000],
    [10_000, 14_500],
  ]);
  const figure = judge(result).judgements.find(({ name }) => name === 'cacheHitRate')!;
  expect(figure).toMatchObject({ value: 0, status: 'pass' });
  expect(figure.samples).toBe(120);
  expect((await readResult(logPath)).readings).toEqual(result.readings);
});

test('a run that is stopped is read to its end', async () => {
  const { result } = await monitored({ during: stopAt(7777) });
  expect(result.readings.at(-2)).toMatchObject({ fromMs: 5000, toMs: 7777 });
});

test('is read once more after the drain, in the last line of the log', async () => {
  const logPath = test.info().outputPath('log.ndjson');
  const { result } = await monitored({ logPath, system: answersAfter(4000) });
  expect(result.readings.at(-1)).toMatchObject({ fromMs: 14_500, toMs: result.end!.atMs });
  expect(result.end!.atMs).toBeGreaterThan(18_000);
  expect(result.end!.monitor!.readings).toEqual([result.readings.at(-1)]);
  expect((await readResult(logPath)).readings).toEqual(result.readings);
});

test('reads as often as it is told', async () => {
  const { result } = await monitored({ monitorIntervalMs: 2000 });
  const moments = result.readings.map(({ toMs }) => toMs);
  expect(moments.slice(0, 4)).toEqual([2000, 2500, 4000, 6000]);
});

test('a run that is cut waits for no reading', async () => {
  const silent: MonitorSource = {
    name: 'silent',
    open: () => ({ read: () => new Promise(() => undefined) }),
  };
  const { result } = await monitored({
    user: { monitor: silent },
    during: (run, clock) => {
      stopAt(3000)(run, clock);
      clock.at(4000, () => {
        run.cut();
      });
    },
  });
  expect(result.end?.cause).toBe('interrupted');
  expect(result.readings).toEqual([]);
});
