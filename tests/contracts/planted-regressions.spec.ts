/**
 * Rows of the catalogue with their own baselines, from the command line to the files: a regression is
 * red, an unchanged repetition is not. The loads are shortened.
 */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { baselinePath, withRun, writeBaseline } from '../../load/baselines/baseline-file.ts';
import type { BaselineFile } from '../../load/baselines/baseline-file.ts';
import { captureRun } from '../../load/baselines/capture.ts';
import { readComparisonFile } from '../../load/baselines/comparison-file.ts';
import { redVerdicts, type MetricComparison } from '../../load/baselines/comparison.ts';
import { readJudgedLoad } from '../../load/budgets/judged-load.ts';
import { logsIn } from '../../load/report/files/rebuild.ts';
import { linkedProject, repository } from '../child-processes.ts';
import { expect, test, type RunOptions } from '../faults/suite-run.ts';

const environment = 'here';

/** `-u` makes no baseline of a shortened run, so the test makes one of three runs. */
async function makeBaseline(cwd: string): Promise<string> {
  let file: BaselineFile | undefined;
  let path = '';
  for (const log of logsIn(join(cwd, 'reports/latest'))) {
    const load = await readJudgedLoad(log);
    file = withRun(file, captureRun(load, { environment }));
    path = baselinePath('baselines', { environment, ...load.plan });
  }
  expect(file?.runs).toHaveLength(3);
  writeBaseline(join(cwd, path), file!);
  return path;
}

function comparisonsIn(cwd: string): readonly MetricComparison[] {
  return readComparisonFile(join(cwd, 'reports/latest/comparison.json')).comparisons;
}

function red(comparisons: readonly MetricComparison[]): readonly MetricComparison[] {
  return comparisons.filter(({ verdict }) => redVerdicts.has(verdict));
}

const rows = [
  {
    project: 'progressive',
    system: 'api-gateway',
    title: '50 users',
    task: 'chat completion',
    timeScale: '0.1',
    // It takes three minutes.
    tag: '@soak',
  },
  {
    project: 'steady',
    system: 'health-agent',
    title: '100 users',
    task: 'chat',
    timeScale: '0.025',
    tag: '@long',
  },
] as const;

for (const { project, system, title, task, timeScale, tag } of rows) {
  test(
    `${system} ${project} at ${title}: slower chats are red, the same again is not`,
    { tag },
    async ({ run }, testInfo) => {
      testInfo.setTimeout(600_000);
      const cwd = linkedProject(testInfo.outputPath('project'));
      const spec = `tests/systems/${system}.spec.ts`;
      cpSync(join(repository, spec), join(cwd, spec));
      // Tasks that take a millisecond depend on this machine, which may be busy.
      const tolerances = { latencyFloorMs: 50 };
      writeFileSync(join(cwd, 'thresholds.json'), JSON.stringify({ schema: 1, tolerances }));
      const options = (
        words: readonly string[],
        more: Record<string, string> = {},
      ): RunOptions => ({
        cwd,
        words: [`--project=${project}`, '--grep', title, ...words],
        settings: { LOAD_ENVIRONMENT: environment, LOAD_TIME_SCALE: timeScale, ...more },
      });

      const first = await run(options(['--repeat-each=3']));
      expect(first.stdout.replaceAll(/\s+/g, ' ')).toContain('nothing was compared; -u writes it');
      const path = await makeBaseline(cwd);

      const again = await run(options([]));
      expect(red(comparisonsIn(cwd)), again.stdout).toEqual([]);
      expect(again.stdout).not.toContain('Worse than the baseline');
      const kept = comparisonsIn(cwd).filter((one) => one.task === task && one.metric === 'avg');
      expect(kept).toMatchObject([{ verdict: 'pass', tolerance: '+50 %' }]);

      const slow = await run(options([], { REFERENCE_SLOWDOWN: 'chat:3' }));
      expect(slow.code).toBe(1);
      expect(slow.stdout).toContain('Worse than the baseline:');
      expect(slow.stdout).toContain(path);
      const worse = red(comparisonsIn(cwd));
      const found = worse.filter((one) => one.task === task).map(({ metric }) => metric);
      // Such a short run may have too few chats for its p95.
      expect(found).toEqual(expect.arrayContaining(['avg', 'p50']));
    },
  );
}
