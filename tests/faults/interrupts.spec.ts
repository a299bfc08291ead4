/** A run that is stopped or killed during a load (fault matrix, 1 to 5) loses no result. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { End, Interval } from '../../load/metrics/log/schema.ts';
import { addOutcomes, scheduledOf, type OutcomeCounts } from '../../load/metrics/outcome.ts';
import { rebuild } from '../../load/report/files/rebuild.ts';
import type { Results } from '../../load/report/files/results-json.ts';
import { isRunning, killAll, outerEnvironment, repository } from '../child-processes.ts';
import { fault } from './fault-matrix.ts';
import { leftReports } from './left-reports.ts';
import { expect, test, type SuiteRun } from './suite-run.ts';

/** A minute of load, which none of these tests waits for. */
const minute = {
  words: ['--project=custom', 'health-agent'],
  settings: { LOAD_USERS: '10', LOAD_DURATION: '60s', LOAD_THINK: '200ms' },
};

function outcomesOf(intervals: readonly Interval[]): OutcomeCounts {
  return intervals
    .flatMap(({ series }) => series)
    .reduce<OutcomeCounts>((sum, { outcomes }) => addOutcomes(sum, outcomes), {});
}

function endOf(run: SuiteRun): End | undefined {
  return run.logLines().find((line) => line.type === 'end');
}

function drainOf(run: SuiteRun): Interval[] {
  return run.intervals().filter(({ phases }) => phases[0] === 'drain');
}

const stops = [
  {
    what: 'Ctrl-C',
    rows: [1, 2],
    twice: [],
    stop: (run: SuiteRun) => {
      run.pressCtrlC();
    },
  },
  {
    what: 'SIGTERM',
    rows: [3, 3],
    // The runner takes it for Ctrl-C, as the first one shows.
    twice: ['@soak'],
    stop: (run: SuiteRun) => {
      run.signal('SIGTERM');
    },
  },
] as const;

for (const {
  what,
  rows: [row],
  stop,
} of stops) {
  test(
    `${what}: arrivals stop, requests in flight end, every report says so`,
    { annotation: fault(row) },
    async ({ startRun }) => {
      const run = startRun(minute);
      await run.untilSent(20);
      const { service } = run.loadProcesses();
      stop(run);
      expect((await run.exited).code).toBe(130);

      const end = endOf(run)!;
      // The signal does not reach the service before the load has drained.
      expect(end).toMatchObject({ cause: 'interrupted', healthAfter: { ok: true } });
      const intervals = run.intervals();
      const outcomes = outcomesOf(intervals);
      expect(scheduledOf(outcomes)).toBe(end.scheduled);
      // Nothing was cut off, since the service answers well within the grace period.
      expect(outcomes).toEqual({ ok: end.sent });
      const drain = drainOf(run);
      expect(drain.length).toBeGreaterThan(0);
      expect(drain.map(({ scheduled }) => scheduled)).toEqual(drain.map(() => 0));
      expect(drain.at(-1)).toMatchObject({ inFlight: 0, users: 0 });

      const { results, summary, html, allure } = leftReports(run.folder);
      expect(results.loads).toHaveLength(1);
      expect(results.loads[0]).toMatchObject({
        interrupted: true,
        testStatus: 'interrupted',
        end: { cause: 'interrupted' },
        totals: { all: outcomes, ended: end.scheduled },
      });
      expect(results.loads[0]?.verdict).not.toBe('pass');
      for (const text of [run.stdout, summary, html, allure]) {
        expect(text).toContain('the run was interrupted');
        expect(text).toMatch(/interrupted after [\d.]+ s of 60 s/);
      }
      // The last of the charts that are drawn of it.
      for (const text of [html, allure])
        expect(text).toContain('>Distribution of the response time<');
      await run.untilGone();
      expect(isRunning(service.pid)).toBe(false);
    },
  );
}

for (const {
  what,
  rows: [, row],
  stop,
  twice,
} of stops) {
  test(
    `${what} twice cuts the drain, and the log is whole`,
    { annotation: fault(row), tag: [...twice] },
    async ({ startRun, standIn }) => {
      // From its 30th request on it answers nothing, not even health checks.
      let isDead = false;
      const system = await standIn(({ isLoad, number }) => (isDead ||= isLoad && number >= 30));
      const run = startRun({
        ...minute,
        settings: { ...minute.settings, HEALTH_AGENT_URL: system.url },
      });
      await run.until('every user waits', () => run.intervals().at(-1)?.inFlight === 10);
      stop(run);
      // Within a second the runner treats a second signal as an echo of the first.
      await run.until('the drain has gone on for a while', () => {
        const drain = drainOf(run);
        return (drain.at(-1)?.endMs ?? 0) - (drain[0]?.startMs ?? 0) > 1200;
      });
      stop(run);
      expect((await run.exited).code).toBe(130);
      await run.untilGone();

      const end = endOf(run)!;
      expect(end).toMatchObject({ cause: 'interrupted', sent: system.loadRequests });
      // If it had waited for them, they would have ended as timeouts.
      expect(outcomesOf(run.intervals())).toEqual({ ok: 29, interrupted: end.scheduled - 29 });
      expect(end.healthAfter).toBeUndefined();
      // The runner ended before the log did. The reports can be rebuilt from the log.
      const { results } = leftReports(run.folder);
      expect(results.loads[0]).toMatchObject({ interrupted: true, testStatus: 'interrupted' });
      const whole = await rebuild(run.folder);
      expect(whole.results.loads[0]?.end.cause).toBe('interrupted');
    },
  );
}

test(
  'kill -9 of the worker: all up to the last interval is reported, and judged invalid',
  { annotation: fault(4) },
  async ({ startRun }) => {
    const run = startRun(minute);
    await run.untilSent(20);
    const { worker, service } = run.loadProcesses();
    await killAll([worker.pid]);
    expect((await run.exited).code).toBe(1);

    const intervals = run.intervals();
    expect(endOf(run)).toBeUndefined();
    const { results, summary, html, allure } = leftReports(run.folder);
    const reachedMs = intervals.at(-1)!.endMs;
    const gap = `log breaks off at ${Number((reachedMs / 1000).toFixed(1))} s of 60 s`;
    expect(results.loads[0]).toMatchObject({
      verdict: 'invalid',
      testStatus: 'failed',
      end: { reachedMs, plannedMs: 60_000 },
      totals: { all: outcomesOf(intervals) },
    });
    expect(results.loads[0]?.invalid.map(({ rule }) => rule)).toContain('brokenOff');
    for (const text of [run.stdout, summary]) expect(text).toContain(gap);
    // Other reports have the final log.
    const lastLine = readFileSync(run.logPath, 'utf8').split('\n').at(-2)!;
    for (const text of [html, allure]) expect(text).toContain(lastLine);
    await run.untilGone();
    expect(isRunning(service.pid)).toBe(false);
  },
);

test(
  'kill -9 of the runner: the worker ends the load and leaves',
  { annotation: fault(4) },
  async ({ startRun }) => {
    const run = startRun(minute);
    await run.untilSent(20);
    run.loadProcesses();
    await killAll([run.pid]);
    await run.untilGone();
    const end = endOf(run)!;
    expect(end.cause).toBe('interrupted');
    expect(scheduledOf(outcomesOf(run.intervals()))).toBe(end.scheduled);
  },
);

test(
  'kill -9 of the whole run: its reports are rebuilt from the log, torn or not',
  { annotation: fault(5) },
  async ({ startRun }) => {
    const run = startRun(minute);
    await run.until('there are two intervals', () => run.intervals().length >= 2);
    const { worker, service } = run.loadProcesses();
    await killAll([run.pid, worker.pid]);
    await run.exited;
    await expect.poll(() => isRunning(service.pid)).toBe(false);
    expect(existsSync(join(run.folder, 'results.json'))).toBe(false);

    await rebuild(run.folder);
    const whole = run.intervals();
    const { loads } = resultsIn(run.folder);
    expect(loads[0]).toMatchObject({ verdict: 'invalid', totals: { all: outcomesOf(whole) } });
    expect(loads[0]?.notes.join('\n')).not.toContain('torn');

    // As after a power failure.
    const { size } = statSync(run.logPath);
    truncateSync(run.logPath, size - 20);
    const printed = await rebuilt(run.folder);
    expect(printed).toContain('log breaks off at');
    const note = `last line (${1 + whole.length}) was torn and is left out`;
    const torn = resultsIn(run.folder).loads[0]!;
    expect(torn.notes).toContain(note);
    const rest = outcomesOf(whole.slice(0, -1));
    expect(torn.totals).toMatchObject({ all: rest, ended: scheduledOf(rest) });
    for (const text of [printed, readFileSync(join(run.folder, 'summary.md'), 'utf8')]) {
      expect(text).toContain(note);
    }
  },
);

/** `npm run report`, as in docs/reports.md; returns its output. */
async function rebuilt(folder: string): Promise<string> {
  const { stdout } = await promisify(execFile)('npm', ['run', 'report', '--', folder], {
    cwd: repository,
    env: outerEnvironment(),
    maxBuffer: 1e8,
  });
  return stdout;
}

function resultsIn(folder: string): Results {
  return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Results;
}
