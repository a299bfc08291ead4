/** A system that stays broken after a load: its recovery fails. */
import { leftReports, textOfFiles } from './left-reports.ts';
import { ownProject } from './own-project.ts';
import { sendJson } from './stand-in.ts';
import { expect, test } from './suite-run.ts';

const body = `
test('bends and recovers', { tag: '@stress' }, async ({ runLoad }) => {
  const user = healthAgentUser;
  const load = users({ count: 5, spawnRate: 50, duration: '2s', thinkTime: constant('50ms') });
  expect.soft(await runLoad(user, load, { budgets: { p95: '< 10 s' } })).toMeetBudget();
  const few = users({ count: 2, spawnRate: 50, duration: '1s', thinkTime: constant('50ms') });
  const recovery = await runLoad(user, few, { as: 'recovery', budgets: { p95: '< 10 s' } });
  expect(recovery).toMeetBudget();
});
test('refuses a name that is none', { tag: '@spike' }, async ({ runLoad }) => {
  await runLoad(healthAgentUser, users({ count: 1, spawnRate: 1, duration: '2s' }), { as: '../x' });
});
`;

test('the recovery is a load of its own: sent, judged, named, in the summary, and no preflight', async ({
  run,
  standIn,
}, testInfo) => {
  const system = await standIn(({ path, isLoad, number }, response) => {
    const isBroken = path !== '/health' && number > 20;
    if (isBroken) sendJson(response, 500, { error: isLoad ? 'out of memory' : 'not you either' });
    return isBroken;
  });
  const cwd = ownProject(testInfo.outputPath('project'), body);
  const settings = { HEALTH_AGENT_URL: system.url, LOAD_RUN_ID: 'run' };
  const { stdout } = await run({ cwd, words: ['--project=stress'], settings });
  expect(stdout).not.toContain('Preflight');
  const { results, summary } = leftReports(`${cwd}/reports/run`);
  expect(results.loads.map(({ log, level, verdict }) => [log, level, verdict])).toEqual([
    ['health-agent-stress-5-users.ndjson', '5-users', 'fail'],
    ['health-agent-stress-5-users-recovery.ndjson', '2-users', 'fail'],
  ]);
  expect(summary).toContain('\n## health-agent-stress-5-users-recovery\n');
  expect(summary).toMatch(/\| health-agent-stress-5-users-recovery +\| fail +\|/);
});

test('a system that is not fit from the start is told as that: Allure has a category for it', async ({
  run,
  standIn,
}, testInfo) => {
  const system = await standIn(({ path }, response) => {
    if (path === '/health') return false;
    sendJson(response, 500, { error: 'out of memory' });
    return true;
  });
  const cwd = ownProject(testInfo.outputPath('project'), body);
  const settings = { HEALTH_AGENT_URL: system.url };
  const { stdout } = await run({ cwd, words: ['--project=stress'], settings });
  // The error's place is the test's call, not the engine's code.
  expect(stdout).toMatch(
    /^ {4}PreflightFailed: Preflight: task "\w+" ended failed \(status 500\)/m,
  );
  expect(stdout).toMatch(/^ {8}at tests\/systems\/health-agent\.spec\.ts:\d+:\d+$/m);
  expect(stdout).not.toContain('load/run/preflight.ts');
  const allure = textOfFiles(`${cwd}/reports/allure-results`);
  expect(allure).toContain('{"name":"verdict","value":"preflight"}');
  expect(allure).toContain('{"name":"system","value":"health-agent"}');
});

test('a name that could not be a file’s is refused before anything is sent', async ({
  run,
  standIn,
}, testInfo) => {
  const system = await standIn();
  const cwd = ownProject(testInfo.outputPath('project'), body);
  const settings = { HEALTH_AGENT_URL: system.url };
  const { stdout } = await run({ cwd, words: ['--project=spike'], settings });
  expect(stdout).toContain('as: "../x"; accepted are small letters, digits and hyphens');
  expect(system.requests).toBe(0);
});
