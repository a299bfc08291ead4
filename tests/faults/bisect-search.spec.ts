/** Which commits `loadwright bisect` compares, and what it says about them, in real git repositories. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ToyRepository } from './toy-commits.ts';
import { expect, slowFrom, test, type Ask, type Verdict } from './toy-search.ts';

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

const notSlower =
  /nothing to search: --bad main \(\w+ change 3\) is not slower than --good main~3 \(\w+ change 0\)\ntold of 3: /;
const notDecided =
  /whether --bad main \(.*\) is slower than --good .* could not be decided\ntold of 3: /;
for (const [verdict, text] of [
  ['no difference', notSlower],
  ['faster', notSlower],
  ['undecided', notDecided],
  ['invalid', notDecided],
] as const) {
  test(`a bad commit whose pair is ${verdict} ends the search, which says why`, async ({
    toy: { repository, search },
  }) => {
    repository.numbered(4);
    const ask = { good: 'main~3', bad: 'main', verdictOn: () => verdict };
    const { code, said, compared } = await search(ask);
    expect(code).toBe(1);
    expect(compared).toEqual([3]);
    expect(said).toMatch(text);
    expect(said).not.toContain('The first slower');
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
  const listed = said.split('among these:\n')[1]!.split('\n');
  const subjects = listed.map((line) => /change \d/.exec(line)![0]).sort();
  expect(subjects).toEqual(['change 2', 'change 3', 'change 4']);
});

test('a relative name means the commit that it means in the repository', async ({
  toy: { repository, search },
}) => {
  repository.numbered(10);
  const ask = { good: 'HEAD~5', bad: 'HEAD~1', verdictOn: slowFrom(8) };
  const { code, said, compared } = await search(ask);
  expect(code).toBe(0);
  expect(said).toMatch(/The first slower commit is \w+ change 8/);
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
      /--good main \(\w+ change 2\) comes after --bad \w+ \(\w+ change 0\); did you swap the two\?/,
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

test('a commit that git checks out again ends the search', async ({
  toy: { repository, search },
}) => {
  repository.numbered(4);
  // A hook of the team's that always goes back to the newest commit.
  const hook = join(repository.folder, '.git/hooks/post-checkout');
  writeFileSync(hook, '#!/bin/sh\ngit update-ref --no-deref HEAD main\n', { mode: 0o755 });
  const { error, compared } = await search({
    good: 'main~3',
    bad: 'main',
    build: 'git show HEAD:number > number',
    verdictOn: slowFrom(3),
  });
  expect(error).toMatch(/git bisect asks again for \w+ change 3/);
  expect(compared).toEqual([3]);
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
