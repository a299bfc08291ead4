/** A smoke on a machine that is disturbed: it is measured again, and what was disturbed is told. */
import { readFileSync } from 'node:fs';
import { leftReports } from './left-reports.ts';
import { ownProject } from './own-project.ts';
import { expect, test } from './suite-run.ts';

/** In so many loads of the test its users hold the event loop up now and then. */
const smokeSpec = (disturbed: number): string => `
test('asks', { tag: '@smoke' }, async ({ runLoad }) => {
  const begun = () => test.info().attachments.filter(({ name }) => name === 'interval log').length;
  let asked = 0;
  const user = defineUser({
    system: 'health-agent',
    thinkTime: constant('4s'),
    tasks: {
      ask: {
        run: async ({ http }) => {
          asked += 1;
          const isHeldUp = begun() <= ${disturbed} && asked % 20 === 0;
          const until = performance.now() + (isHeldUp ? 150 : 0);
          while (performance.now() < until);
          await http.get('/health');
        },
      },
    },
  });
  const result = await runLoad(user, smoke(user), { budgets: { p95: '< 5 s' } });
  expect(result).toMeetBudget();
});
`;

const words = ['--project=smoke'];
const name = 'health-agent-smoke-10-users';

test(
  'a disturbed smoke is measured again, and both are in the reports',
  { tag: '@long' },
  async ({ run }) => {
    const cwd = ownProject(test.info().outputPath('project'), smokeSpec(1));
    const own = { LOAD_RUN_DIR: `${cwd}/reports/run`, LOAD_TIME_SCALE: '0.25' };
    // More tries than usual: this machine may be disturbed in truth.
    const { code, stdout, stderr } = await run({
      cwd,
      words,
      settings: { ...own, LOAD_TRIES: '9' },
    });
    expect(code, stdout + stderr).toBe(0);
    const { results, summary, html } = leftReports(own.LOAD_RUN_DIR);
    const loads = results.loads.map(({ verdict, isReplaced }) => [verdict, isReplaced]);
    expect(loads.length).toBeGreaterThan(1);
    expect(loads).toEqual([...loads.slice(1).map(() => ['invalid', true]), ['pass', false]]);
    expect(results.loads.slice(0, 2).map(({ log }) => log)).toEqual([
      `${name}.ndjson`,
      `${name}.try-2.ndjson`,
    ]);
    expect(results.totals).toMatchObject({ loads: 1, verdicts: { pass: 1, invalid: 0 } });
    expect(stdout).toContain(`; disturbed and measured again: ${name}`);
    for (const text of [stdout, summary, html]) {
      expect(text).toContain('Invalid instrument: ');
      expect(text).toMatch(/measured in place of (a try|\d tries) that this machine disturbed/);
    }
  },
);

test('a machine that stays disturbed: as often as was asked for, then invalid and red', async ({
  run,
}) => {
  const cwd = ownProject(test.info().outputPath('project'), smokeSpec(9));
  const own = { LOAD_RUN_DIR: `${cwd}/reports/run`, LOAD_TIME_SCALE: '0.25' };
  const { code, stdout } = await run({ cwd, words, settings: { ...own, LOAD_TRIES: '2' } });
  expect(code).toBe(1);
  const { loads, totals } = leftReports(own.LOAD_RUN_DIR).results;
  expect(loads.map(({ verdict }) => verdict)).toEqual(['invalid', 'invalid']);
  expect(loads.map(({ isReplaced }) => isReplaced)).toEqual([true, false]);
  expect(totals).toMatchObject({ loads: 1, verdicts: { invalid: 1 } });
  expect(stdout).toContain('1 failed');
});

test('Ctrl-C before the next try: the disturbed one is the load, interrupted', async ({
  startRun,
}) => {
  const cwd = ownProject(test.info().outputPath('project'), smokeSpec(9));
  const folder = `${cwd}/reports/run`;
  const settings = { LOAD_RUN_DIR: folder, LOAD_TIME_SCALE: '0.25' };
  const running = startRun({ cwd, words, settings });
  const hasEnded = (): boolean => running.logLines().some(({ type }) => type === 'end');
  await running.until('the first try has ended', hasEnded);
  running.pressCtrlC();
  await running.exited;
  const { loads, totals } = leftReports(folder).results;
  expect(loads.map(({ verdict, isReplaced }) => [verdict, isReplaced])).toEqual([
    ['invalid', false],
  ]);
  expect(totals).toMatchObject({ loads: 1, interrupted: 1, verdicts: { invalid: 1 } });
  expect(readFileSync(`${folder}/summary.md`, 'utf8')).toContain('interrupted');
  await running.untilGone();
});
