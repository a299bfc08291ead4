/**
 * `thresholds.json` beside a team's configuration: `toMatchBaseline` reads it, and a wrong one stops the
 * load.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { baselinePath, withRun, writeBaseline } from '../../load/baselines/baseline-file.ts';
import { captureRun } from '../../load/baselines/capture.ts';
import { readComparisonFile } from '../../load/baselines/comparison-file.ts';
import { readJudgedLoad } from '../../load/budgets/judged-load.ts';
import { logsIn } from '../../load/report/files/rebuild.ts';
import { ownProject } from './own-project.ts';
import { expect, hasLogs, test } from './suite-run.ts';

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
  const words = ['--project=steady'];
  const settings = { HEALTH_AGENT_URL: url, LOAD_ENVIRONMENT: 'here' };
  await run({ cwd, words, settings });
  const latest = join(cwd, 'reports/latest');
  const load = await readJudgedLoad(logsIn(latest)[0]!);
  const place = { environment: 'here', ...load.plan };
  const file = withRun(undefined, captureRun(load, place));
  writeBaseline(baselinePath(join(cwd, 'baselines'), place), file);

  const systems = { 'health-agent': { latency: { avg: 0.4, p95: 0.3 }, errorRatePoints: 2 } };
  writeFileSync(join(cwd, 'thresholds.json'), JSON.stringify({ schema: 1, systems }));
  await run({ cwd, words, settings });
  const { comparisons } = readComparisonFile(join(latest, 'comparison.json'));
  const ofChats = comparisons.filter(({ task }) => task === 'chat');
  expect(ofChats.map(({ metric, tolerance }) => [metric, tolerance])).toEqual([
    ['avg', '+40 %'],
    ['p50', '+50 %'],
    ['p95', '+10 %'],
    ['errorRate', '+2 points'],
  ]);
});

test('a wrong file stops the test before the first request', async ({ run, standIn }, testInfo) => {
  const cwd = ownProject(testInfo.outputPath('project'), spec);
  writeFileSync(join(cwd, 'thresholds.json'), '{"tolerances": {"throughputDrop": "30 %"}}');
  const system = await standIn();
  const settings = { HEALTH_AGENT_URL: system.url };
  const { code, stdout } = await run({ cwd, words: ['--project=steady'], settings });
  expect(code).toBe(1);
  expect(stdout).toContain(
    'thresholds.json: tolerances.throughputDrop: accepted is a share above 0, at most 1, ' +
      'such as 0.3 for −30 % (got "30 %")',
  );
  expect(system.requests).toBe(0);
  expect(hasLogs(join(cwd, 'reports/latest'))).toBe(false);
});
