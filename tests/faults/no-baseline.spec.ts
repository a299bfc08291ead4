/** Loads without a single good answer (fault matrix, 35): red, and never a baseline, with or without -u. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { leftReports } from './left-reports.ts';
import { ownProject } from './own-project.ts';
import { sendJson } from './stand-in.ts';
import { expect, test } from './suite-run.ts';

const spec = `
test('every answer is an error', { tag: '@baseline' }, async ({ runLoad }) => {
  const load = users({ count: 4, spawnRate: 100, duration: '2s', thinkTime: constant('50ms') });
  const result = await runLoad(healthAgentUser, load, { budgets: { errorRate: '<= 100 %' } });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});

const silent = defineUser({
  system: 'health-agent',
  health: '/health',
  thinkTime: constant('50ms'),
  tasks: { ask: { run: () => Promise.resolve() } },
});

test('nobody asks', { tag: '@baseline' }, async ({ runLoad }) => {
  const load = users({ count: 5, spawnRate: 100, duration: '2s' });
  const result = await runLoad(silent, load, { budgets: { errorRate: '<= 100 %' } });
  expect.soft(result).toMeetBudget();
  expect(result).toMatchBaseline();
});
`;

const reasons = [
  /^none of \d+ requests ended ok: \d+ failed$/,
  /^no request was scheduled in the judged phases$/,
];

for (const [how, words] of [
  ['', []],
  [' with -u', ['-u']],
] as const) {
  test(
    `every answer an error, or no request at all: red, and no baseline${how}`,
    { annotation: { type: 'fault', description: '35' } },
    async ({ run, standIn }, testInfo) => {
      const cwd = ownProject(testInfo.outputPath('project'), spec);
      const system = await standIn(({ isLoad }, response) => {
        if (isLoad) sendJson(response, 500, { error: 'out of order' });
        return isLoad;
      });
      const settings = { HEALTH_AGENT_URL: system.url, LOAD_ENVIRONMENT: 'here' };
      const { code, stdout } = await run({
        cwd,
        words: ['--project=baseline', ...words],
        settings,
      });
      expect(code).toBe(1);
      expect(system.loadRequests).toBeGreaterThan(0);
      const { loads } = leftReports(join(cwd, 'reports/latest')).results;
      expect(loads).toHaveLength(2);
      loads.forEach((load, i) => {
        expect(load.verdict).toBe('fail');
        expect(load.reasons[0]).toMatch(reasons[i]!);
      });
      const refused = /verdict is fail; only a pass becomes a baseline/g;
      expect(stdout.replaceAll(/\s+/g, ' ').match(refused)?.length).toBeGreaterThanOrEqual(2);
      expect(existsSync(join(cwd, 'baselines'))).toBe(false);
    },
  );
}
