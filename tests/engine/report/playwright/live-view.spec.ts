import { expect, test } from '@playwright/test';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LiveView } from '../../../../load/report/playwright/live-view.ts';
import { Screen } from '../../../../load/report/playwright/screen.ts';
import { momentText } from '../../../../load/metrics/figure-text.ts';
import { headerLines } from '../../../../load/report/text/load-header.ts';
import { budget, repeat } from '../../budgets/make-result.ts';
import { seen } from '../emulator.ts';
import { logLines, requests, resultOf, writeLog, type MadeLog } from '../make-log.ts';
import { VirtualClock } from '../../virtual-clock.ts';

const second = [requests(repeat(100, 20))];
const steady: MadeLog = { seconds: repeat(second, 40) };
const slowEvents = { events: [{ atMs: 700, kind: 'slow', text: 'chat took 4000 ms (ok)' }] };

const headerLine = /^$|^(?:[ab]-load|short)$|^ {2}(system|load|budgets|switched on): /;

/** A run in virtual time: a log gets a line a second. */
class Watched {
  readonly folder = test.info().outputPath('run');
  readonly clock = new VirtualClock();
  readonly stdout = { bytes: '', write: (text: string) => (this.stdout.bytes += text) !== '' };
  readonly screen: Screen;
  readonly view: LiveView;

  constructor(forced = '0') {
    const stream = this.stdout as never;
    this.screen = new Screen(stream, stream, { PLAYWRIGHT_FORCE_TTY: forced }, () => {
      this.view.showAgain();
    });
    this.view = new LiveView(this.folder, this.clock, this.screen);
    this.screen.open();
    this.view.start();
  }

  /** The first line is written half a second after now. */
  writes(name: string, made: MadeLog): void {
    const path = join(this.folder, `${name}.ndjson`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
    logLines(made).forEach((line, i) => {
      this.clock.at(this.clock.now() + 500 + i * 1000, () => {
        appendFileSync(path, `${JSON.stringify(line)}\n`);
      });
    });
  }

  /** The lines that are shown, without the headers with which loads begin. */
  get lines(): Promise<string[]> {
    return this.shown.then((lines) => lines.filter((line) => !headerLine.test(line)));
  }

  get shown(): Promise<string[]> {
    return seen(this.stdout.bytes, 120);
  }
}

const lasting = (seconds: number): NonNullable<MadeLog['plan']> => ({
  stream: {
    phases: [{ name: 'steady state', startMs: 0, endMs: 1000 * seconds, judged: true }],
  },
});

test('a load begins with a header: where it goes, what it sends, what must hold', async () => {
  const run = new Watched();
  const budgets = [budget('p95', '< 2 s', { task: 'query' }), budget('throughput', '> 10 /s')];
  const plan = { budgets, plan: { flags: ['REFERENCE_SLOWDOWN=50'], timeScale: 0.1 } };
  run.writes('a-load', { ...steady, plan });
  await run.clock.run(2000);
  expect(await run.shown).toEqual([
    '',
    'a-load',
    '  system: rag-service, http://127.0.0.1:1 (your own), no health check',
    '  load: 5 users, run as 5 min; think time 1 s',
    '  budgets: query: p95 < 2 s, throughput > 10 /s, and 5 default budgets',
    '  switched on: REFERENCE_SLOWDOWN=50',
  ]);
});

test('the header says whether the system has a health check, and counts the default budgets', () => {
  const { plan } = resultOf({ seconds: [] });
  const target = { ...plan.target, health: '/health' };
  const [first, budgets] = ['system:', 'budgets:'].map((word) =>
    headerLines('a', { ...plan, target }).find((line) => line.includes(word)),
  );
  expect(first).toMatch(/, which passed its checks$/);
  expect(budgets).toMatch(/budgets: \d+ default budgets$/);
});

test('without a terminal: a line each 10 s, of longer loads about ten in all', async () => {
  const run = new Watched();
  run.writes('a-load', { ...steady, plan: lasting(40) });
  await run.clock.run(50_000);
  expect(await run.lines).toEqual(
    ['0:10', '0:20', '0:30', '0:40'].map(
      (moment, i) =>
        `${moment} a-load: steady state, 5 users, 0 in flight, 20 requests/s, p95 100 ms, 0 errors, ` +
        `0:${String(30 - i * 10).padStart(2, '0')} left`,
    ),
  );
  const long = new Watched();
  long.writes('b-load', { seconds: repeat(second, 600), plan: lasting(600) });
  await long.clock.run(700_000);
  expect((await long.lines).map((line) => line.slice(0, 4))).toEqual(
    ['0:10', ...Array.from({ length: 9 }, (_, i) => momentText(70_000 + i * 60_000))].map((text) =>
      text.slice(0, 4),
    ),
  );
});

test('without a terminal each line counts the slow requests since the one before', async () => {
  const run = new Watched();
  const events = repeat({ atMs: 700, kind: 'slow', text: 'chat took 4000 ms (ok)' }, 4);
  run.writes('a-load', { seconds: repeat(second, 80), plan: lasting(600), interval: { events } });
  await run.clock.run(80_000);
  const lines = await run.lines;
  expect(lines.filter((line) => line.includes('chat took'))).toHaveLength(5);
  // 10 s, then 60 s more of the log, with 4 a second.
  expect(lines.flatMap((line) => /, (\d+) more slow, /.exec(line)?.[1] ?? [])).toEqual([
    '35',
    '240',
  ]);
});

test('slow requests are told in the second after', async () => {
  const run = new Watched();
  run.writes('a-load', { seconds: [second, second], interval: slowEvents, end: false });
  await run.clock.run(1900);
  expect(await run.lines).toEqual([]);
  await run.clock.run(2000);
  expect(await run.lines).toEqual(['0:00 a-load: chat took 4000 ms (ok)']);
});

test('on a terminal: one line, renewed each second, and gone at the end of the load', async () => {
  const run = new Watched('120x40');
  run.writes('a-load', { seconds: repeat(second, 5), end: {} });
  await run.clock.run(1000);
  expect(await run.lines).toEqual([
    'a-load: starting, 0 users, 0 in flight, 0 requests/s, p95 –, 0 errors, 5:00 left',
  ]);
  for (const left of ['4:59', '4:58', '4:57']) {
    await run.clock.run(run.clock.now() + 1000);
    expect(await run.lines).toEqual([
      `a-load: steady state, 5 users, 0 in flight, 20 requests/s, p95 100 ms, 0 errors, ${left} left`,
    ]);
  }
  await run.clock.run(7000);
  expect(await run.lines).toEqual([]);
});

test('slices, in folders of their own, are one load; another load beside them is a second', async () => {
  const run = new Watched();
  const sliceOf = (testId: string, index: number): MadeLog => ({
    ...steady,
    plan: { plan: { testId, slice: { index, count: 2 } } },
  });
  run.writes('1-of-2/a-load.slice-1-of-2', sliceOf('a-load', 1));
  run.writes('2-of-2/a-load.slice-2-of-2', sliceOf('a-load', 2));
  await run.clock.run(15_000);
  expect(await run.lines).toEqual([
    '0:10 a-load: steady state, 10 users, 0 in flight, 40 requests/s, p95 100 ms, 0 errors, 4:50 left',
  ]);
  run.writes('2-of-2/b-load.slice-2-of-2', sliceOf('b-load', 2));
  await run.clock.run(45_000);
  expect((await run.lines).slice(1)).toEqual([
    expect.stringMatching(/^0:40 a-load: steady state, 10 users, /),
    expect.stringMatching(/^0:25 b-load: steady state, 5 users, /),
  ]);
});

test('what others write goes where it would go, and the line comes back below it', async () => {
  const run = new Watched('120x40');
  run.writes('a-load', steady);
  await run.clock.run(3000);
  run.stdout.write('others\n');
  expect(await run.lines).toEqual(['others']);
  await run.clock.run(3100);
  expect(await run.lines).toEqual(['others', expect.stringMatching(/^a-load: .* left$/)]);
});

test('the end of a test: what is left in its log is told, and nothing after', async () => {
  const run = new Watched('120x40');
  run.writes('a-load', { ...steady, interval: slowEvents });
  await run.clock.run(1700);
  run.view.settle(join(run.folder, 'a-load.ndjson'));
  expect(await run.lines).toEqual(['0:00 a-load: chat took 4000 ms (ok)']);
  await run.clock.run(20_000);
  expect(await run.lines).toHaveLength(1);
});

test('a load too short to have been seen, and one whose log is elsewhere', async () => {
  const run = new Watched();
  writeLog(join(run.folder, 'short.ndjson'), { seconds: [second], interval: slowEvents });
  run.view.settle(join(run.folder, 'short.ndjson'));
  run.view.settle('/no/such/merged.ndjson');
  await run.clock.run(20_000);
  expect(await run.lines).toEqual(['0:00 short: chat took 4000 ms (ok)']);
});

test('logs of an earlier run are no news', async () => {
  writeLog(join(test.info().outputPath('run'), 'old.ndjson'), { ...steady, end: false });
  const run = new Watched();
  await run.clock.run(30_000);
  run.view.settle(join(run.folder, 'old.ndjson'));
  expect(run.stdout.bytes).toBe('');
});

test('several loads: one line on a terminal, a line each elsewhere', async () => {
  const terminal = new Watched('120x40');
  const plain = new Watched();
  for (const run of [terminal, plain]) {
    run.writes('a-load', steady);
    run.writes('b-load', { ...steady, interval: { phases: ['ramp-up'] } });
    await run.clock.run(12_000);
  }
  expect(await terminal.lines).toEqual([
    expect.stringMatching(/^2 loads: several phases, 10 users/),
  ]);
  expect((await plain.lines).map((line) => line.slice(0, 19))).toEqual([
    '0:10 a-load: steady',
    '0:10 b-load: ramp-u',
  ]);
});

test('a broken log and a folder that cannot be read are not spoken of', async () => {
  const run = new Watched('120x40');
  mkdirSync(run.folder, { recursive: true });
  writeFileSync(join(run.folder, 'broken.ndjson'), '{"type":"plan"}\n');
  mkdirSync(join(run.folder, 'folder.ndjson'));
  await run.clock.run(5000);
  expect(run.stdout.bytes).toBe('');
});

test('once stopped it plans nothing and leaves nothing', async () => {
  const run = new Watched('120x40');
  run.writes('a-load', { ...steady, seconds: [second] });
  await run.clock.run(2500);
  expect(await run.lines).toHaveLength(1);
  run.view.stop();
  expect(await run.lines).toEqual([]);
  const written = run.stdout.bytes;
  // Only what the log itself has still to get.
  await run.clock.run();
  expect(run.clock.now()).toBeLessThan(5000);
  expect(run.stdout.bytes).toBe(written);
});
