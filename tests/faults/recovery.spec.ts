/** A system that stays broken after a load: its recovery fails. */
import { LoadRunner } from '../../fixtures/run-load.ts';
import { openTarget } from '../../fixtures/targets.ts';
import { healthAgentUser } from '../../load/systems/health-agent.ts';
import { users } from '../../load/workload/users.ts';
import { refusalOf, setEnvironment, standInTest } from './driven-load.ts';
import { leftReports, textOfFiles } from './left-reports.ts';
import { ownProject } from './own-project.ts';
import { sendJson } from './stand-in.ts';
import { expect, test } from './suite-run.ts';

/** The first to run is a test that would never send load: the one after it has a worker of its own. */
const body = `
test.describe('on a system that is broken', () => {
  test.use({ target: process.env.BROKEN_URL });
  test('never starts', { tag: '@stress' }, async ({ runLoad }) => {
    const load = users({ count: 5, spawnRate: 50, duration: '1s' });
    expect(await runLoad(healthAgentUser, load)).toMeetBudget();
  });
});
test('bends and recovers', { tag: '@stress' }, async ({ runLoad }) => {
  const user = healthAgentUser;
  const load = users({ count: 5, spawnRate: 50, duration: '2s', thinkTime: constant('50ms') });
  expect.soft(await runLoad(user, load, { budgets: { p95: '< 10 s' } })).toMeetBudget();
  const few = users({ count: 2, spawnRate: 50, duration: '1s', thinkTime: constant('50ms') });
  const recovery = await runLoad(user, few, { as: 'recovery', budgets: { p95: '< 10 s' } });
  expect(recovery).toMeetBudget();
});
`;

test('the recovery is a load of its own, without a preflight; a system that is not fit from the start is told as that', async ({
  run,
  standIn,
}, testInfo) => {
  const broken = await standIn(({ path }, response) => {
    if (path === '/health') return false;
    sendJson(response, 500, { error: 'out of memory' });
    return true;
  });
  const breaking = await standIn(({ path, isLoad, number }, response) => {
    const isBroken = path !== '/health' && number > 5;
    if (isBroken) sendJson(response, 500, { error: isLoad ? 'out of memory' : 'not you either' });
    return isBroken;
  });
  const cwd = ownProject(testInfo.outputPath('project'), body);
  const settings = {
    HEALTH_AGENT_URL: breaking.url,
    BROKEN_URL: broken.url,
    LOAD_RUN_ID: 'run',
  };
  const { stdout } = await run({ cwd, words: ['--project=stress'], settings });

  await test.step('sent, judged, named, and in the summary', () => {
    const { results, summary } = leftReports(`${cwd}/reports/run`);
    expect(results.loads.map(({ log, level, verdict }) => [log, level, verdict])).toEqual([
      ['health-agent-stress-5-users.ndjson', '5-users', 'fail'],
      ['health-agent-stress-5-users-recovery.ndjson', '2-users', 'fail'],
    ]);
    expect(summary).toContain('\n## health-agent-stress-5-users-recovery\n');
    expect(summary).toMatch(/\| health-agent-stress-5-users-recovery +\| fail +\|/);
  });

  await test.step('the message, where the test asked for the load, and nothing of the engine’s own code', () => {
    const told = stdout.match(/^ {4}PreflightFailed: Preflight: task "\w+" ended failed \(.*/gm);
    expect(told).toEqual([expect.stringContaining('(status 500)')]);
    expect(stdout).toMatch(/^ {8}at tests\/systems\/health-agent\.spec\.ts:\d+:\d+$/m);
    expect(stdout).not.toContain('load/run/preflight.ts');
  });

  await test.step('Allure has a category for it', () => {
    const allure = textOfFiles(`${cwd}/reports/allure-results`);
    expect(allure).toContain('{"name":"verdict","value":"preflight"}');
    expect(allure).toContain('{"name":"system","value":"health-agent"}');
  });
});

test('a name that could not be a file’s is refused before anything is sent', async ({
  standIn,
}, testInfo) => {
  const system = await standIn();
  const restore = setEnvironment({ HEALTH_AGENT_URL: system.url });
  const target = await openTarget('health-agent', process.env);
  const load = users({ count: 1, spawnRate: 1, duration: '2s' });
  const ofTest = standInTest(testInfo, 'spike');
  const { runLoad } = new LoadRunner(() => Promise.resolve(target), ofTest);
  const refusal = await refusalOf(runLoad(healthAgentUser, load, { as: '../x' })).finally(restore);
  expect(refusal).toContain('as: "../x"; accepted are small letters, digits and hyphens');
  expect(system.requests).toBe(0);
});
