/** A pair that is stopped halfway: the verdict so far stands, and no side is left running. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readPair, type JudgedPair } from '../../load/paired/pair-log.ts';
import { linkedProject } from '../child-processes.ts';
import { serviceCommand } from './driven-pair.ts';
import { expect, test, type SuiteRun } from './suite-run.ts';

const spec = `
import { constant, defineUser, expect, test, users } from 'loadwright';

const user = defineUser({
  system: 'toy',
  health: '/health',
  thinkTime: constant('2ms'),
  tasks: { ask: { run: async ({ http }) => void (await http.get('/text')) } },
});

test('is no slower than its base', { tag: '@pair' }, async ({ comparePair }) => {
  const load = users({ count: 4, spawnRate: 40, duration: '15s' });
  const pair = await comparePair(user, load, { round: '2s' });
  expect(pair).toBeNoSlowerThan();
});
`;

function pairOf(folder: string): JudgedPair | undefined {
  if (!existsSync(folder)) return undefined;
  const log = readdirSync(folder).find((name) => name.endsWith('.pair.jsonl'));
  if (log === undefined) return undefined;
  const path = join(folder, log);
  // Its first line may not be written yet.
  return readFileSync(path, 'utf8').includes('\n') ? readPair(path) : undefined;
}

for (const [what, tag, stop] of [
  [
    'Ctrl-C',
    [],
    (run: SuiteRun) => {
      run.pressCtrlC();
    },
  ],
  [
    'SIGTERM',
    // The runner takes it for Ctrl-C, as it does where it ends a load.
    ['@soak'],
    (run: SuiteRun) => {
      run.signal('SIGTERM');
    },
  ],
] as const) {
  test(
    `${what}: the verdict so far, and no process left`,
    { tag: [...tag] },
    async ({ startRun }, testInfo) => {
      const cwd = linkedProject(testInfo.outputPath('suite'));
      writeFileSync(join(cwd, 'tests/systems/toy.spec.ts'), spec);
      const folder = join(cwd, 'reports/pair');
      const run = startRun({
        cwd,
        words: ['--project=pair', 'toy'],
        settings: {
          LOAD_RUN_DIR: folder,
          PAIR_COMMAND_A: serviceCommand('--delay', '20'),
          PAIR_COMMAND_B: serviceCommand('--delay', '20'),
        },
      });
      await run.until('a round is over', () => (pairOf(folder)?.rounds.length ?? 0) > 0);
      await run.until('both sides are up', () => services(run).length === 2);
      stop(run);
      expect((await run.exited).code).toBe(130);
      await run.untilGone();
      const pair = pairOf(folder)!;
      expect(pair.end?.cause).toBe('interrupted');
      expect(pair.verdict.verdict).toBe('undecided');
      const summary = readFileSync(join(folder, 'summary.md'), 'utf8');
      expect(summary).toContain('the run was interrupted: this is the verdict so far');
      expect(run.output).toContain('toy-pair-4-users: undecided after');
    },
  );
}

function services(run: SuiteRun): unknown[] {
  return run.processes().filter(({ command }) => command.includes('pair-service.mjs'));
}
