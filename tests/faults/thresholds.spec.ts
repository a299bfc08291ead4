/**
 * `thresholds.json` beside a team's configuration: `toMatchBaseline` reads it, and a wrong one stops the
 * load.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { baselinePath, withRun, writeBaseline } from '../../load/baselines/baseline-file.ts';
import { captureRun } from '../../load/baselines/capture.ts';
import { readComparisonFile } from '../../load/baselines/comparison-file.ts';
import { readJudgedLoad } from '../../load/budgets/judged-load.ts';
import { logsIn } from '../../load/report/files/rebuild.ts';
import { healthAgentUser } from '../../load/systems/health-agent.ts';
import { constant } from '../../load/workload/think-time.ts';
import { users } from '../../load/workload/users.ts';
import { drivenLoad, hasBegun, refusalOf, runFolderOf } from './driven-load.ts';
import { ownProject } from './own-project.ts';
import { expect, test } from './suite-run.ts';

/** Long enough for the sections that a comparison needs. */
const load = users({ count: 4, spawnRate: 100, duration: '2s', thinkTime: constant('50ms') });

const spec = `
test('holds', { tag: '@steady' }, async ({ runLoad }) => {
  const load = users({ count: 4, spawnRate: 100, duration: '2s', thinkTime: constant('50ms') });
  const result = await runLoad(healthAgentUser, load);
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline({ tolerances: { latency: { p95: 0.1 } } });
});
`;

test('a test’s own tolerances go over those of the file, and these over the defaults', async ({
  run,
  standIn,
}, testInfo) => {
  const cwd = ownProject(testInfo.outputPath('project'), spec);
  const { url } = await standIn();
  const environment = { HEALTH_AGENT_URL: url, LOAD_ENVIRONMENT: 'here' };
  const driven = { system: 'health-agent', project: 'steady', environment };
  await drivenLoad(testInfo, driven, healthAgentUser, load);
  const before = await readJudgedLoad(logsIn(runFolderOf(testInfo))[0]!);
  const place = { environment: 'here', ...before.plan };
  const file = withRun(undefined, captureRun(before, place));
  writeBaseline(baselinePath(join(cwd, 'baselines'), place), file);

  const systems = { 'health-agent': { latency: { avg: 0.4, p95: 0.3 }, errorRatePoints: 2 } };
  writeFileSync(join(cwd, 'thresholds.json'), JSON.stringify({ schema: 1, systems }));
  await run({ cwd, words: ['--project=steady'], settings: environment });
  const { comparisons } = readComparisonFile(join(cwd, 'reports/latest/comparison.json'));
  const ofChats = comparisons.filter(({ task }) => task === 'chat');
  expect(ofChats.map(({ metric, tolerance }) => [metric, tolerance])).toEqual([
    ['avg', '+40 %'],
    ['p50', '+50 %'],
    ['p95', '+10 %'],
    ['errorRate', '+2 points'],
  ]);
});

test('a wrong file stops the test before the first request', async ({ standIn }, testInfo) => {
  const configFile = testInfo.outputPath('project', 'playwright.config.ts');
  const wrong = '{"tolerances": {"throughputDrop": "30 %"}}';
  mkdirSync(dirname(configFile));
  writeFileSync(join(dirname(configFile), 'thresholds.json'), wrong);
  const system = await standIn();
  const environment = { HEALTH_AGENT_URL: system.url };
  const driven = { system: 'health-agent', environment, configFile };
  const refusal = await refusalOf(drivenLoad(testInfo, driven, healthAgentUser, load));
  expect(refusal).toContain(
    'thresholds.json: tolerances.throughputDrop: accepted is a share above 0, at most 1, ' +
      'such as 0.3 for −30 % (got "30 %")',
  );
  expect([system.requests, hasBegun(testInfo)]).toEqual([0, false]);
});
