/** A smoke on a machine that is disturbed: it is measured again, and what was disturbed is told. */
import { leftReports } from './left-reports.ts';
import { ownProject } from './own-project.ts';
import { expect, test } from './suite-run.ts';

/** In so many loads of the test its users hold the event loop up. */
const smokeSpec = (disturbed: number): string => `
import { smoke } from '../../load/workload/smoke.ts';
test('asks', { tag: '@smoke' }, async ({ runLoad }) => {
  const begun = () => test.info().attachments.filter(({ name }) => name === 'interval log').length;
  const user = defineUser({
    system: 'health-agent',
    thinkTime: constant('4s'),
    tasks: {
      ask: {
        run: async ({ http }) => {
          const until = performance.now() + (begun() <= ${disturbed} ? 120 : 0);
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

test('a disturbed smoke is measured again, and both are in the reports', async ({ run }) => {
  const cwd = ownProject(test.info().outputPath('project'), smokeSpec(1));
  const settings = { LOAD_RUN_DIR: `${cwd}/reports/run`, LOAD_TIME_SCALE: '0.25' };
  const { code, stdout, stderr } = await run({ cwd, words: ['--project=smoke'], settings });
  expect(code, stdout + stderr).toBe(0);
  const { results, summary, html } = leftReports(settings.LOAD_RUN_DIR);
  const loads = results.loads.map(({ verdict, measuredAgain }) => [verdict, measuredAgain]);
  // Where this machine is disturbed in truth, there may be more.
  expect(loads.slice(0, -1)).toEqual(loads.slice(1).map(() => ['invalid', true]));
  expect(loads.length).toBeGreaterThan(1);
  expect(loads.at(-1)).toEqual(['pass', false]);
  expect(results.totals).toMatchObject({ loads: 1, verdicts: { pass: 1, invalid: 0 } });
  expect(stdout).toContain('; measured again: health-agent-smoke-10-users');
  for (const text of [stdout, summary, html]) {
    expect(text).toContain('Invalid instrument, measured again: ');
    expect(text).toContain(
      'measured again, as this machine was disturbed in health-agent-smoke-10-users.ndjson',
    );
  }
});

test('a machine that stays disturbed: as often as was asked for, then invalid and red', async ({
  run,
}) => {
  const cwd = ownProject(test.info().outputPath('project'), smokeSpec(9));
  const settings = { LOAD_RUN_DIR: `${cwd}/reports/run`, LOAD_TIME_SCALE: '0.25', LOAD_TRIES: '2' };
  const { code, stdout } = await run({ cwd, words: ['--project=smoke'], settings });
  expect(code).toBe(1);
  const { loads } = leftReports(settings.LOAD_RUN_DIR).results;
  expect(loads.map(({ verdict }) => verdict)).toEqual(['invalid', 'invalid']);
  expect(loads.map(({ measuredAgain }) => measuredAgain)).toEqual([true, false]);
  expect(stdout).toContain('1 failed');
});
