/** The builds in the work trees of `loadwright bisect`, and Ctrl-C in one, in real git repositories. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning } from '../child-processes.ts';
import { expect, numberIn, slowFrom, test } from './toy-search.ts';

test('the good commit stays in its work tree, and both trees are built before a pair', async ({
  toy: { repository, search },
}) => {
  const [first] = repository.numbered(5);
  const seen: [number, string][] = [];
  const { code } = await search({
    good: first!,
    bad: 'main',
    build: 'cp number built',
    compare: ({ good, head }) => {
      seen.push([numberIn(good), readFileSync(join(head, 'built'), 'utf8').trim()]);
      const number = numberIn(head);
      expect(seen.at(-1)).toEqual([0, String(number)]);
      const verdict = slowFrom(2)(number);
      return Promise.resolve({ verdict, why: '', isGoodDown: false, report: '' });
    },
  });
  expect(code).toBe(0);
  expect(seen.length).toBeGreaterThan(2);
});

test('a build may change files that git knows, and leave files that a later commit has', async ({
  toy: { repository, search },
}) => {
  test.setTimeout(20_000);
  repository.numbered(8, (i) => ({
    'lock.json': `${i}\n`,
    ...Object.fromEntries(i > 4 ? [['generated', `${i}\n`]] : []),
  }));
  const { code, said } = await search({
    good: 'main~7',
    bad: 'main',
    build: 'echo built >> lock.json; echo built > generated',
    verdictOn: slowFrom(6),
  });
  expect(code).toBe(0);
  expect(said).toMatch(/The first slower commit is \w+ change 6/);
});

test('what git ignores stays from one build to the next', async ({
  toy: { repository, search },
}) => {
  repository.numbered(8, () => ({ '.gitignore': 'cache\n' }));
  const { compared, error } = await search({
    good: 'main~7',
    bad: 'main',
    // Only the first build in each tree may find no cache.
    build:
      'test "$(cat number)" -eq 0 || test "$(cat number)" -eq 7 || test -e cache && echo > cache',
  });
  expect(error).toBe('');
  expect(compared.length).toBeGreaterThan(3);
});

test('a commit that can not be built is skipped, with the end of the build’s output', async ({
  toy: { repository, search },
}) => {
  repository.numbered(8);
  const { code, said, compared } = await search({
    good: 'main~7',
    bad: 'main',
    build: 'if [ "$(cat number)" = 3 ]; then echo no such module; exit 7; fi',
    verdictOn: slowFrom(5),
  });
  expect(code).toBe(0);
  expect(said).toMatch(/change 3: skip, it can't be built: exit code 7\nno such module/);
  expect(compared).not.toContain(3);
});

for (const [option, number] of [
  ['--good main~3', 0],
  ['--bad main', 3],
] as const) {
  test(`${option} that can not be built ends the search, with the end of the build’s output`, async ({
    toy: { repository, search },
  }) => {
    repository.numbered(4);
    const { error, compared } = await search({
      good: 'main~3',
      bad: 'main',
      build: `if [ "$(cat number)" = ${number} ]; then echo no such module >&2; exit 7; fi`,
    });
    expect(error).toMatch(
      RegExp(`${option} \\(\\w+ change ${number}\\) can't be built: exit code 7\nno such module`),
    );
    expect(compared).toEqual([]);
  });
}

for (const [what, trap] of [
  ['Ctrl-C ends a build', ''],
  ['a second Ctrl-C ends a build that hears no first one', 'trap "" TERM;'],
] as const) {
  test(`${what}, and nothing is left`, async ({ toy: { repository, search, interrupts } }) => {
    repository.numbered(3);
    const pidFile = test.info().outputPath('pid');
    const searching = search({
      good: 'main~2',
      bad: 'main',
      build: `${trap} sleep 600 & echo $! > '${pidFile}'; wait`,
    });
    const pid = (): number => (existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0);
    await expect.poll(pid, { intervals: [20] }).toBeGreaterThan(0);
    expect(repository.workTrees).toBe(2);
    interrupts.end.abort();
    if (trap !== '') {
      expect(isRunning(pid())).toBe(true);
      interrupts.kill.abort();
    }
    const { error, compared } = await searching;
    expect(error).toContain('AbortError');
    expect(compared).toEqual([]);
    await expect.poll(() => isRunning(pid())).toBe(false);
  });
}

test('an interrupt while two builds are compared skips no commit', async ({
  toy: { repository, search, interrupts },
}) => {
  repository.numbered(4);
  const { error, said } = await search({
    good: 'main~3',
    bad: 'main',
    verdictOn: () => {
      interrupts.end.abort();
      return 'undecided';
    },
  });
  expect(error).toContain('AbortError');
  expect(said).not.toContain('skip');
});
