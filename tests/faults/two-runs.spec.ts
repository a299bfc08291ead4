/** Two runs at once in one folder (fault matrix, 36): each has a run folder of its own. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Results } from '../../load/report/files/results-json.ts';
import { linkedProject } from '../child-processes.ts';
import { fault } from './fault-matrix.ts';
import { leftReports } from './left-reports.ts';
import { expect, test } from './suite-run.ts';

test(
  'two runs at once have a folder each, with all of their own in it',
  { annotation: fault(36), tag: '@long' },
  async ({ startRun }) => {
    const project = linkedProject(test.info().outputPath('project'), ['tests/systems']);
    const settings = { LOAD_USERS: '3', LOAD_DURATION: '2s', LOAD_THINK: '100ms' };
    // Without a given folder, each names its own.
    const runs = ['1', '2'].map((seed) =>
      startRun({
        cwd: project,
        words: ['--project=custom', 'health-agent'],
        settings: { ...settings, LOAD_SEED: seed },
      }),
    );
    await Promise.all(runs.map(({ exited }) => exited));
    const reports = join(project, 'reports');
    const names = readdirSync(reports).filter((name) => /^\d{4}-\d\d-\d\dT/.test(name));
    expect(names).toHaveLength(2);
    const results: Results[] = names.map((name) => leftReports(join(reports, name)).results);
    expect(results.map(({ runId }) => runId)).toEqual(names);
    expect(results.map(({ loads }) => loads.map(({ seed }) => seed)).sort()).toEqual([[1], [2]]);
    expect(results.map(({ loads }) => loads[0]?.end.cause)).toEqual(['completed', 'completed']);
    // No incomplete file is left; `latest` is one of them.
    expect(readdirSync(reports).sort()).toEqual([
      '.last-run.json',
      '.loadwright',
      ...names,
      'allure-results',
      'html',
      'latest',
    ]);
    for (const name of names) {
      expect(readdirSync(join(reports, name)).filter((file) => file.endsWith('.tmp'))).toEqual([]);
    }
    for (const run of runs) expect(run.output).not.toContain('Error: E');
  },
);
