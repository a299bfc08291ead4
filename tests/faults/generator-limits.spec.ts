/** This machine's own limits, reached in the middle of a load (fault matrix, 9): not the target's fault. */
import { leftReports } from './left-reports.ts';
import { expect, test } from './suite-run.ts';

test('descriptors run out: kind generator, invalid, and nothing is charged to the target', async ({
  run,
  standIn,
}) => {
  const system = await standIn();
  const settings = { LOAD_USERS: '300', LOAD_DURATION: '4s', LOAD_THINK: '500ms' };
  const { code, stdout, folder } = await run({
    words: ['--project=custom', 'health-agent'],
    settings: { ...settings, HEALTH_AGENT_URL: system.url },
    // Enough for the runner, its worker and the connections of most of the users.
    first: 'ulimit -n 256',
  });
  expect(code).toBe(1);
  expect(stdout).toContain('Invalid instrument: ');
  expect(stdout).toContain('raise the limit of descriptors (ulimit -n)');

  const { results, summary } = leftReports(folder);
  const load = results.loads[0]!;
  expect(load.end.cause).toBe('completed');
  expect(load.verdict).toBe('invalid');
  const finding = load.invalid.find(({ rule }) => rule === 'generatorErrors');
  const { ok, failed, ...others } = load.totals.all;
  expect(finding).toMatchObject({ observed: failed });
  expect(load.totals.errors.map(({ kind }) => kind)).toEqual(
    load.totals.errors.map(() => 'generator'),
  );
  expect(Object.values(others).every((count) => count === 0)).toBe(true);
  // What reached the target it answered, and all of that is ok.
  expect(ok).toBe(system.loadRequests);
  for (const text of [stdout, summary]) {
    expect(text).toContain('this machine could not open');
    expect(text).toContain('EMFILE');
  }
});
