/** `loadwright bisect` as its user calls it, with real repositories, builds, signals and pairs. */
import { expect, test } from '@playwright/test';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBurner } from '../../bench/burner.ts';
import {
  isRunning,
  killAll,
  linkedProject,
  outerEnvironment,
  processTree,
  repository,
} from '../child-processes.ts';
import { ToyRepository } from './toy-commits.ts';

const spec = `
import { z } from 'zod';
import { constant, defineUser, expect, test, users } from 'loadwright';

const user = defineUser({
  system: 'toy',
  health: '/health',
  thinkTime: constant('2ms'),
  tasks: {
    ask: {
      deadline: '2s',
      run: async ({ http }) => {
        await http.get('/text', { expect: z.object({ text: z.string() }) });
      },
    },
  },
});

test('is no slower than its base', { tag: '@pair' }, async ({ comparePair }) => {
  const load = users({ count: 4, spawnRate: 40, duration: '15s' });
  const tolerances = { p50: '10 %', errorRate: '0.5 points' } as const;
  const pair = await comparePair(user, load, { round: '3s', tolerances });
  expect(pair).toBeNoSlowerThan(tolerances);
});
`;

const service = readFileSync(join(import.meta.dirname, 'pair-service.mjs'), 'utf8');

/** Commits of a service; from number `slow` on each answer takes 1.5 times as long. */
function serviceOf(folder: string, count: number, slow: number) {
  const toy = new ToyRepository(folder);
  const known = toy.numbered(count, (i) => ({
    'service.mjs': service,
    'start.sh': `exec node service.mjs --delay ${i >= slow ? 30 : 20}\n`,
  }));
  return { toy, known };
}

/** A suite of its own, with the pair test of the toy service. */
function suiteIn(folder: string): string {
  linkedProject(folder);
  writeFileSync(join(folder, 'tests/systems/toy.spec.ts'), spec);
  return folder;
}

/** The commands that a test has started, and all that it has seen of their processes. */
const seen = new Set<number>();

test.afterEach(async () => {
  await killAll(seen);
  seen.clear();
});

const command = join(repository, 'fixtures/commands/loadwright.ts');

function bisect(cwd: string, words: readonly string[], settings: Record<string, string> = {}) {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx/esm', command, 'bisect', ...words],
    // A process group, like a shell makes for each command.
    { cwd, env: { ...outerEnvironment(), ...settings }, detached: true, stdio: 'pipe' },
  );
  seen.add(child.pid!);
  const called = { pid: child.pid!, output: '', exited: Promise.resolve<number | null>(null) };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (called.output += text));
  }
  called.exited = new Promise((resolve) => child.once('close', resolve));
  return called;
}

/** The arguments of a search from so many commits back to the newest one. */
function searchIn(toy: ToyRepository, back: number, ...more: readonly string[]): string[] {
  return ['--repository', toy.folder, '--good', `HEAD~${back}`, '--bad', 'HEAD', ...more];
}

const patience = { timeout: 120_000, intervals: [50] };

test('--help says what happens in each case', async () => {
  const called = bisect(repository, ['--help']);
  expect(await called.exited).toBe(0);
  for (const said of ['--good <commit>', 'skipped', 'Ctrl-C', 'Exit code 0']) {
    expect(called.output).toContain(said);
  }
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`${signal} in a build leaves no work tree, no folder and no process`, async ({}, testInfo) => {
    const { toy } = serviceOf(testInfo.outputPath('service'), 3, 2);
    const temporary = testInfo.outputPath('temporary');
    mkdirSync(temporary);
    const pidFile = testInfo.outputPath('pid');
    const called = bisect(
      repository,
      searchIn(toy, 2, '--start', 'true', '--build', `sleep 600 & echo $! > '${pidFile}'; wait`),
      { TMPDIR: temporary },
    );
    const pid = (): number => (existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0);
    await expect.poll(pid, patience).toBeGreaterThan(0);
    for (const one of processTree(called.pid)) seen.add(one.pid);
    // A terminal's Ctrl-C reaches the whole group.
    process.kill(signal === 'SIGINT' ? -called.pid : called.pid, signal);
    expect(await called.exited).toBe(signal === 'SIGINT' ? 130 : 143);
    expect(called.output).toContain('Interrupted; the work trees are removed');
    expect(toy.workTrees).toBe(1);
    const isOurs = (name: string): boolean => name.startsWith('loadwright-bisect-');
    expect(readdirSync(temporary).filter(isOurs)).toEqual([]);
    await expect.poll(() => isRunning(pid())).toBe(false);
  });
}

test(
  'Ctrl-C in a pair leaves no work tree, no folder and no process',
  { tag: '@long' },
  async ({}, testInfo) => {
    const { toy } = serviceOf(testInfo.outputPath('service'), 3, 2);
    const temporary = testInfo.outputPath('temporary');
    mkdirSync(temporary);
    const called = bisect(
      suiteIn(testInfo.outputPath('suite')),
      searchIn(toy, 2, '--start', 'sh start.sh', 'toy'),
      { TMPDIR: temporary },
    );
    const services = (): number => {
      const tree = processTree(called.pid);
      for (const { pid } of tree) seen.add(pid);
      return tree.filter(({ command }) => command.includes('node service.mjs')).length;
    };
    await expect.poll(services, patience).toBeGreaterThanOrEqual(2);
    process.kill(-called.pid, 'SIGINT');
    expect(await called.exited).toBe(130);
    await expect.poll(() => [...seen].filter(isRunning), patience).toEqual([]);
    expect(toy.workTrees).toBe(1);
    const isOurs = (name: string): boolean => name.startsWith('loadwright-bisect-');
    expect(readdirSync(temporary).filter(isOurs)).toEqual([]);
  },
);

test(
  'a good commit that does not start ends the search with its own words',
  { tag: '@long' },
  async ({}, testInfo) => {
    const toy = new ToyRepository(testInfo.outputPath('service'));
    toy.numbered(4, (i) => ({
      'service.mjs': service,
      'start.sh': i === 0 ? 'echo no such database; exit 3\n' : 'exec node service.mjs\n',
    }));
    const called = bisect(
      suiteIn(testInfo.outputPath('suite')),
      searchIn(toy, 3, '--start', 'sh start.sh', 'toy'),
    );
    expect(await called.exited).toBe(1);
    expect(called.output).toMatch(
      /--good HEAD~3 \(\w+ change 0\) can't be compared with any other commit: invalid: base: the command ended with exit code 3\s+no such database/,
    );
    expect(called.output).not.toContain('skip');
    expect(toy.workTrees).toBe(1);
  },
);

test(
  'a run without a pair test ends the search with the runner’s words',
  { tag: '@long' },
  async ({}, testInfo) => {
    const { toy } = serviceOf(testInfo.outputPath('service'), 3, 2);
    const called = bisect(
      suiteIn(testInfo.outputPath('suite')),
      searchIn(toy, 2, '--start', 'sh start.sh', 'no-such-file'),
    );
    expect(await called.exited).toBe(1);
    expect(called.output).toMatch(/no pair test was run|has left no results/);
    expect(called.output).toContain('No tests found');
  },
);

const commits = 16;

for (const [attempt, slow] of [5, 1, 15, 8, 11].entries()) {
  test(
    `attempt ${attempt + 1}: commit ${slow} of ${commits}, beside processes that burn on and off`,
    { tag: '@soak' },
    async ({}, testInfo) => {
      test.setTimeout(1_800_000);
      const { toy, known } = serviceOf(testInfo.outputPath('service'), commits, slow);
      const suite = suiteIn(testInfo.outputPath('suite'));
      const stopBurner = startBurner(attempt + 1);
      const commands = [
        '--build',
        'echo built >> start.sh',
        '--start',
        'MODE=try true && sh start.sh',
      ];
      const called = bisect(suite, searchIn(toy, commits - 1, ...commands, 'toy'));
      try {
        expect(await called.exited, called.output).toBe(0);
      } finally {
        stopBurner();
      }
      testInfo.attachments.push({
        name: 'output',
        contentType: 'text/plain',
        body: Buffer.from(called.output),
      });
      expect(called.output).toContain(
        `The first slower commit is ${known[slow]!.slice(0, 7)} change ${slow}`,
      );
      expect(toy.workTrees).toBe(1);
    },
  );
}
