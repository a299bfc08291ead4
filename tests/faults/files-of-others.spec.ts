/** Existing files in folders given to a run, or named in its files, are not changed (fault matrix, 54). */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { planIn } from '../../load/slices/slice-log.ts';
import { linkedProject } from '../child-processes.ts';
import { BlobSuite } from '../engine/slices/blob-suite.ts';
import { loadOf, writeLog } from '../engine/report/make-log.ts';
import { fault } from './fault-matrix.ts';
import { expect, test } from './suite-run.ts';

const shown = { annotation: fault(54) };

/** Writes files that contain their own paths, and returns what is there later. */
function filesOfOthers(folder: string, paths: readonly string[]): () => Record<string, string> {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), JSON.stringify(path));
  }
  return () =>
    Object.fromEntries(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => join(parentPath, name))
        .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
    );
}

for (const [what, paths, refusal] of [
  [
    'LOAD_RUN_DIR',
    ['run/thesis.md', 'run/results.json', 'run/playwright/kept', 'run/a.comparison.json'],
    /LOAD_RUN_DIR=\S+run: \S+ is in it, and no run made this folder/,
  ],
  [
    'the folder beside which the results of others are',
    ['allure-results/a-result.json', 'html/index.html', 'latest'],
    /html: would be overwritten, but no load run made it/,
  ],
] as const) {
  test(
    `${what}: refused before the first request, nothing lost`,
    shown,
    async ({ run, standIn }) => {
      const cwd = linkedProject(test.info().outputPath('project'), ['tests/systems']);
      const home = test.info().outputPath('home');
      const left = filesOfOthers(home, paths);
      const before = left();
      const system = await standIn();
      const settings = { HEALTH_AGENT_URL: system.url, LOAD_RUN_DIR: join(home, 'run') };
      const { code, output } = await run({
        cwd,
        settings,
        words: ['--project=smoke', 'health-agent'],
      });
      expect([code, system.requests], output).toEqual([1, 0]);
      expect(output).toMatch(refusal);
      expect(left()).toMatchObject(before);
    },
  );
}

test('a merge into a folder of others is refused, nothing lost', shown, async () => {
  const suite = new BlobSuite();
  await suite.slice('1/1', '> 1 /s');
  const left = filesOfOthers(suite.run, ['thesis.md', 'results.json']);
  const before = left();
  const { code, output } = await suite.merge();
  expect([code, output]).toEqual([1, expect.stringContaining('no run made this folder')]);
  expect(left()).toEqual(before);
});

for (const [field, id] of [
  ['testId', '../../escaped'],
  ['testId', '/tmp/escaped'],
  ['runId', '..'],
  ['scenario', '../../../.ssh'],
  ['level', 'a/b'],
] as const) {
  test(`a log whose ${field} is "${id}" is none`, shown, () => {
    const path = test.info().outputPath('log.ndjson');
    const log = { seconds: [[]] };
    expect(loadOf(log).plan[field]).not.toBe(id);
    writeLog(path, log);
    expect(planIn(path)).toBeDefined();
    const [first = '', ...rest] = readFileSync(path, 'utf8').split('\n');
    const plan = { ...(JSON.parse(first) as object), [field]: id };
    writeFileSync(path, [JSON.stringify(plan), ...rest].join('\n'));
    expect(planIn(path)).toBeUndefined();
  });
}
