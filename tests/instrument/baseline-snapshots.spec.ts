/** Baselines as snapshots, from the command line to the files: -u writes, the next run compares. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { readBaseline } from '../../load/baselines/baseline-file.ts';
import { readComparisonFile } from '../../load/baselines/comparison-file.ts';
import { readHistory } from '../../load/baselines/history-file.ts';
import { linkedProject } from '../child-processes.ts';
import { htmlReportText } from '../faults/left-reports.ts';
import { sendJson } from '../faults/stand-in.ts';
import { expect, test } from '../faults/suite-run.ts';

const spec = `
import { between, expect, test, users } from 'loadwright';
import { healthAgentUser } from '../../load/systems/health-agent.ts';

test('holds', { tag: '@baseline' }, async ({ runLoad }) => {
  const load = users({ count: 5, spawnRate: 50, duration: '9s', thinkTime: between('10ms', '20ms') });
  const result = await runLoad(healthAgentUser, load, { budgets: { p95: '< 2 s' } });
  expect.soft(result).toMeetBudget();
  // Half of what the slow service adds: a generator that is late by less hides nothing.
  expect(result).toMatchBaseline({ tolerances: { latencyFloorMs: 150 } });
});
`;

/** A team's own suite: one test that has a baseline. */
function projectIn(folder: string): string {
  linkedProject(folder);
  writeFileSync(join(folder, 'tests/systems/health-agent.spec.ts'), spec);
  return folder;
}

test('-u writes several runs, the next is compared, and a slow service is red', async ({
  run,
  standIn,
}, testInfo) => {
  const cwd = projectIn(testInfo.outputPath('project'));
  let delayMs = 200;
  const system = await standIn(({ isLoad }, response) => {
    if (!isLoad) return false;
    void setTimeout(delayMs).then(() => {
      const reply = { user_id: 'a', response: 'Late.', timestamp: 'now', food_name: 'oats' };
      sendJson(response, 200, { ...reply, reminders: [], xp: 1 });
    });
    return true;
  });
  const words = ['--project=baseline'];
  const settings = {
    HEALTH_AGENT_URL: system.url,
    LOAD_DURATION: '8s',
    LOAD_ENVIRONMENT: 'here',
    LOAD_HISTORY: '1',
  };
  const file = join(cwd, 'baselines/here/baseline/health-agent-5-users-8s.json');
  const history = join(cwd, 'baselines/here/history/health-agent-baseline-5-users-8s.jsonl');

  const none = await run({ cwd, words: [...words, '--update-snapshots=none'], settings });
  expect([none.code, readBaseline(file)]).toEqual([1, undefined]);
  expect(none.stdout).toContain(
    'No baseline: baselines/here/baseline/health-agent-5-users-8s.json',
  );

  const inCi = await run({ cwd, words, settings: { ...settings, CI: '1' } });
  expect([inCi.code, readBaseline(file)?.runs.length]).toEqual([1, 1]);
  expect(inCi.stdout).toContain('(there was none)');

  const again = [...words, '-u', '--repeat-each=3'];
  const written = await run({ cwd, words: again, settings });
  expect(written.code, written.stdout).toBe(0);
  expect(written.stdout).toContain('health-agent-5-users-8s.json, 3 runs');
  expect(readBaseline(file)?.runs).toHaveLength(3);
  const before = readFileSync(file, 'utf8');

  delayMs = 500;
  const slow = await run({ cwd, words, settings });
  expect(slow.code).toBe(1);
  expect(slow.stdout).toContain('Worse than the baseline:');
  expect(slow.stdout).toMatch(
    /Baselines: .*critical.*; analysis: reports\/.*regression-analysis\.md/,
  );
  const latest = join(cwd, 'reports/latest');
  const { comparisons, environment } = readComparisonFile(join(latest, 'comparison.json'));
  expect(environment).toBe('here');
  const chat = comparisons.find(({ task, metric }) => task === 'chat' && metric === 'p50');
  expect(chat).toMatchObject({ verdict: 'critical', tolerance: '+50 %' });
  const analysis = readFileSync(join(latest, 'regression-analysis.md'), 'utf8');
  expect(analysis).toContain('## What regressed');
  expect(analysis).toContain('npx playwright test --project=baseline health-agent');
  expect(htmlReportText(join(cwd, 'reports/html'))).toContain('# Regression analysis');
  expect(readFileSync(file, 'utf8')).toBe(before);
  expect(readHistory(history).map(({ accepted = false }) => accepted)).toEqual([
    false,
    false,
    true,
    true,
    true,
    false,
  ]);
});
