/** Loads without a single good answer (fault matrix, 35): red, and never a baseline, with or without -u. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { compareWithBaseline } from '../../load/baselines/compare-with-baseline.ts';
import { snapshotModes } from '../../load/baselines/snapshot.ts';
import { readJudgedLoad } from '../../load/budgets/judged-load.ts';
import { logsIn } from '../../load/report/files/rebuild.ts';
import { fault } from './fault-matrix.ts';
import { leftReports } from './left-reports.ts';
import { ownProject } from './own-project.ts';
import { sendJson } from './stand-in.ts';
import { expect, test } from './suite-run.ts';

const spec = `
const silent = defineUser({
  system: 'health-agent',
  health: '/health',
  thinkTime: constant('50ms'),
  tasks: { ask: { run: () => Promise.resolve() } },
});

test('every answer is an error, or nobody asks', { tag: '@baseline' }, async ({ runLoad }) => {
  const load = users({ count: 4, spawnRate: 100, duration: '2s', thinkTime: constant('50ms') });
  const failed = await runLoad(healthAgentUser, load, { budgets: { errorRate: '<= 100 %' } });
  expect.soft(failed).toMeetBudget();
  expect.soft(failed).toMatchBaseline();
  const budgets = { errorRate: '<= 100 %' };
  const unasked = await runLoad(silent, load, { as: 'silent', budgets });
  expect.soft(unasked).toMeetBudget();
  expect.soft(unasked).toMatchBaseline();
});
`;

const reasons = [
  /^none of \d+ requests ended ok: \d+ failed$/,
  /^no request was scheduled in the judged phases$/,
];

const onlyAPass = 'verdict is fail; only a pass becomes a baseline';

test(
  'every answer an error, or no request at all: red, and no baseline, with -u or without',
  { annotation: fault(35) },
  async ({ run, standIn }, testInfo) => {
    const cwd = ownProject(testInfo.outputPath('project'), spec);
    const system = await standIn(({ isLoad }, response) => {
      if (isLoad) sendJson(response, 500, { error: 'out of order' });
      return isLoad;
    });
    const settings = { HEALTH_AGENT_URL: system.url, LOAD_ENVIRONMENT: 'here' };
    const { code, stdout } = await run({ cwd, words: ['--project=baseline', '-u'], settings });
    expect(code).toBe(1);
    expect(system.loadRequests).toBeGreaterThan(0);
    const latest = join(cwd, 'reports/latest');
    const { loads } = leftReports(latest).results;
    expect(loads).toHaveLength(2);
    loads.forEach((load, i) => {
      expect(load.verdict).toBe('fail');
      expect(load.reasons[0]).toMatch(reasons[i]!);
    });
    const refused = stdout.replaceAll(/\s+/g, ' ').split(onlyAPass);
    expect(refused.length - 1).toBeGreaterThanOrEqual(2);
    const baselines = join(cwd, 'baselines');
    expect(existsSync(baselines)).toBe(false);

    // The same loads, by all that a run may say of its snapshots.
    const common = { options: {}, environment: 'here', isRequired: true, runFolder: latest };
    for (const path of logsIn(latest)) {
      const load = await readJudgedLoad(path);
      for (const mode of snapshotModes) {
        const { snapshot } = compareWithBaseline(load, { ...common, mode, baselines });
        expect([snapshot.pass, snapshot.headline]).toEqual([
          false,
          expect.stringContaining(onlyAPass),
        ]);
      }
    }
    expect(existsSync(baselines)).toBe(false);
  },
);
