/**
 * The search for the slower commit in real git repositories. Only the comparison of two builds is a
 * stand-in: it reads from the work trees which commits it was given.
 */
import { expect, test as base } from '@playwright/test';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  firstSlower,
  type Comparison,
  type SearchRequest,
} from '../../fixtures/commands/bisect-search.ts';
import { isRunning } from '../child-processes.ts';
import { ToyRepository } from './toy-commits.ts';

type Verdict = Comparison['verdict'];

interface Searched {
  readonly code: number | undefined;
  readonly error: string;
  readonly said: string;
  /** The numbers of the commits that were compared, in this order. */
  readonly compared: readonly number[];
}

interface Ask extends Partial<SearchRequest> {
  readonly good: string;
  readonly bad: string;
  readonly verdictOn?: (number: number) => Verdict | Partial<Comparison>;
}

interface Toy {
  readonly repository: ToyRepository;
  readonly search: (ask: Ask) => Promise<Searched>;
  readonly interrupts: { readonly end: AbortController; readonly kill: AbortController };
}

const slowFrom = (slow: number) => (number: number) =>
  number >= slow ? ('slower' as const) : ('no difference' as const);
const numberIn = (tree: string): number => Number(readFileSync(join(tree, 'number'), 'utf8'));

/** However a search ends, nothing of it is left. */
const test = base.extend<{ toy: Toy }>({
  toy: async ({}, use, testInfo) => {
    const repository = new ToyRepository(testInfo.outputPath('service'));
    const temporary = testInfo.outputPath('temporary');
    mkdirSync(temporary);
    const interrupts = { end: new AbortController(), kill: new AbortController() };
    const search = async ({ verdictOn = slowFrom(4), ...ask }: Ask): Promise<Searched> => {
      const [said, compared]: [string[], number[]] = [[], []];
      const request: SearchRequest = {
        repository: repository.folder,
        build: undefined,
        temporary,
        compare: ({ head }) => {
          const number = numberIn(head);
          compared.push(number);
          const stated = verdictOn(number);
          const own = typeof stated === 'string' ? { verdict: stated } : stated;
          const verdict = own.verdict ?? 'slower';
          const why = `told of ${number}: ${verdict}`;
          return Promise.resolve({ verdict, why, isGoodDown: false, report: 'report', ...own });
        },
        say: (line) => said.push(line),
        interrupts: { end: interrupts.end.signal, kill: interrupts.kill.signal },
        ...ask,
      };
      const ended = await firstSlower(request).then(
        (code) => ({ code, error: '' }),
        (error: unknown) => ({ code: undefined, error: String(error) }),
      );
      return { ...ended, said: said.join('\n'), compared };
    };
    await use({ repository, search, interrupts });
    expect(readdirSync(temporary)).toEqual([]);
    expect(repository.workTrees).toBe(1);
  },
});

for (const slow of [1, 3, 4, 7]) {
  test(`change ${slow} of 8 is found; the bad commit is compared first, and none twice`, async ({
    toy: { repository, search },
  }) => {
    const commits = repository.numbered(8);
    const verdictOn = slowFrom(slow);
    const { code, said, compared } = await search({ good: commits[0]!, bad: 'main', verdictOn });
    expect(code).toBe(0);
    const short = commits[slow]!.slice(0, 7);
    expect(said).toContain(
      `The first slower commit is ${short} change ${slow}\ntold of ${slow}: slower\nreport`,
    );
    expect(said).toContain('7 commits to search, by about 4 pairs');
    expect(compared[0]).toBe(7);
    expect(new Set(compared).size).toBe(compared.length);
    expect(compared).toContain(slow);
  });
}

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

for (const verdict of ['no difference', 'faster'] as const) {
  test(`a bad commit with ${verdict} is not called the slower one`, async ({
    toy: { repository, search },
  }) => {
    repository.numbered(4);
    const ask = { good: 'main~3', bad: 'main', verdictOn: () => verdict };
    const { code, said, compared } = await search(ask);
    expect(code).toBe(1);
    expect(compared).toEqual([3]);
    expect(said).toMatch(
      /nothing to search: --bad main \(\w+ change 3\) is not slower than --good main~3 \(\w+ change 0\)\ntold of 3: /,
    );
    expect(said).not.toContain('The first slower');
  });
}

for (const verdict of ['undecided', 'invalid'] as const) {
  test(`a bad commit whose pair is ${verdict} ends the search, which says why`, async ({
    toy: { repository, search },
  }) => {
    repository.numbered(4);
    const ask = { good: 'main~3', bad: 'main', verdictOn: () => verdict };
    const { code, said, compared } = await search(ask);
    expect(code).toBe(1);
    expect(compared).toEqual([3]);
    expect(said).toMatch(
      /whether --bad main \(.*\) is slower than --good .* could not be decided\ntold of 3: /,
    );
  });
}

test('an undecided commit is skipped, and the search goes on beside it', async ({
  toy: { repository, search },
}) => {
  repository.numbered(8);
  const verdictOn = (number: number): Verdict => (number === 3 ? 'undecided' : slowFrom(5)(number));
  const { code, said, compared } = await search({ good: 'main~7', bad: 'main', verdictOn });
  expect(compared).toContain(3);
  expect(said).toMatch(/change 3: skip, told of 3: undecided/);
  expect(code).toBe(0);
  expect(said).toMatch(/The first slower commit is \w+ change 5/);
});

test('if only skipped commits are left, they are listed', async ({
  toy: { repository, search },
}) => {
  repository.numbered(6);
  const verdictOn = (number: number): Verdict =>
    number === 2 || number === 3 ? 'invalid' : slowFrom(3)(number);
  const { code, said } = await search({ good: 'main~5', bad: 'main', verdictOn });
  expect(code).toBe(1);
  expect(said).not.toContain('The first slower');
  const listed = said.split('It is one of\n')[1]!.split('\n');
  const subjects = listed.map((line) => /change \d/.exec(line)![0]).sort();
  expect(subjects).toEqual(['change 2', 'change 3', 'change 4']);
});

test('a relative name means the commit that it means in the repository', async ({
  toy: { repository, search },
}) => {
  repository.numbered(10);
  const ask = { good: 'HEAD~5', bad: 'HEAD~1', verdictOn: slowFrom(6) };
  const { code, said, compared } = await search(ask);
  expect(code).toBe(0);
  expect(said).toMatch(/The first slower commit is \w+ change 6/);
  expect(compared[0]).toBe(8);
  expect(compared.every((number) => number > 4 && number <= 8)).toBe(true);
});

test('names that can not be searched between are refused', async ({
  toy: { repository, search },
}) => {
  const commits = repository.numbered(3);
  repository.commits('other', [{ subject: 'elsewhere', files: { number: '9' } }]);
  repository.git('checkout', '--quiet', 'main');
  const cases: [Ask, RegExp][] = [
    [{ good: 'v9', bad: 'main' }, /--good v9: no commit of this name in .*service/],
    [{ good: 'main~2', bad: 'mian' }, /--bad mian: no commit of this name/],
    [
      { good: 'main', bad: commits[0]! },
      /--good main \(\w+ change 2\) comes after --bad \w+ \(\w+ change 0\); have the two been interchanged\?/,
    ],
    [{ good: 'main', bad: commits[2]! }, /are the same commit; --bad takes a later one/],
    [{ good: 'main', bad: 'other' }, /have no common ancestor/],
    [{ good: 'a', bad: 'b', repository: '/' }, /--repository \/: .*not a git repository/],
  ];
  for (const [ask, message] of cases) {
    const { error, compared } = await search(ask);
    expect(error).toMatch(message);
    expect(compared).toEqual([]);
  }
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
      'test "$(cat number)" -eq 0 || test "$(cat number)" -eq 7 || test -e cache; echo > cache',
  });
  expect(error).toBe('');
  expect(compared.length).toBeGreaterThan(3);
});

/** Changes 0 and 1, then on `main` changes 4 to 6, and on `release` another two. */
function diverged(repository: ToyRepository): void {
  const [, parting] = repository.numbered(2);
  const named = (name: string, i: number) => ({
    subject: `${name} ${i}`,
    files: { number: `${i}` },
  });
  const releases = [2, 3].map((i) => named('release', i));
  repository.commits('release', releases, parting);
  const changes = [4, 5, 6].map((i) => named('change', i));
  repository.commits('main', changes, parting);
}

test('with branches that have parted, the commit where they part is compared as well', async ({
  toy: { repository, search },
}) => {
  diverged(repository);
  const ask = { good: 'release', bad: 'main', verdictOn: slowFrom(5) };
  const { code, said, compared } = await search(ask);
  expect(code).toBe(0);
  expect(compared).toContain(1);
  expect(said).toMatch(/The first slower commit is \w+ change 5/);
});

test('if the commit where branches part is slower too, the search ends and says what that means', async ({
  toy: { repository, search },
}) => {
  test.setTimeout(20_000);
  diverged(repository);
  const { error, compared } = await search({
    good: 'release',
    bad: 'main',
    verdictOn: () => 'slower',
  });
  expect(compared).toEqual([6, 1]);
  expect(error).toMatch(
    /--good release \(.*\) is on another branch than --bad main \(.*\), and \w+ change 1, where the two part, is slower as well/,
  );
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

test('a good commit that stops starting ends the search, since no commit could be judged', async ({
  toy: { repository, search },
}) => {
  repository.numbered(8);
  const { error, compared } = await search({
    good: 'main~7',
    bad: 'main',
    verdictOn: (number) =>
      number === 7
        ? 'slower'
        : { verdict: 'invalid', isGoodDown: true, why: 'invalid: base: no database' },
  });
  expect(error).toMatch(
    /--good main~7 \(\w+ change 0\) can't be compared with any other commit: invalid: base: no database/,
  );
  expect(compared).toHaveLength(2);
});

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

test('a search of the user’s own is not disturbed', async ({ toy: { repository, search } }) => {
  const commits = repository.numbered(8);
  repository.git('bisect', 'start', 'main~1', 'main~6');
  const head = repository.git('rev-parse', 'HEAD');
  writeFileSync(join(repository.folder, 'number'), 'changed');
  const { code, said } = await search({ good: commits[0]!, bad: commits[7]! });
  expect(code).toBe(0);
  expect(said).toMatch(/The first slower commit is \w+ change 4/);
  expect(repository.git('rev-parse', 'HEAD')).toBe(head);
  expect(repository.git('bisect', 'log')).toContain(commits[6]!);
  expect(readFileSync(join(repository.folder, 'number'), 'utf8')).toBe('changed');
});
