/** Commands of the docs, called from the tarball as written, with the files that they name. */
import { readFileSync } from 'node:fs';
import { shellWord } from '../../load/platform/command-words.ts';
import { commandsIn } from '../examples/commands-in.ts';
import { expect, runnerVersion, test } from './team-repository.ts';

test.describe.configure({ lock: 'package', timeout: 900_000 });

const recorded = {
  log: {
    version: '1.2',
    creator: { name: 'a browser', version: '1' },
    entries: [
      {
        startedDateTime: '2026-01-01T00:00:00.000Z',
        time: 5,
        request: {
          method: 'GET',
          url: 'http://localhost:3000/items',
          httpVersion: 'HTTP/1.1',
          headers: [],
          queryString: [],
          cookies: [],
          headersSize: -1,
          bodySize: 0,
        },
        response: {
          status: 200,
          statusText: 'OK',
          httpVersion: 'HTTP/1.1',
          headers: [],
          cookies: [],
          content: { size: 2, mimeType: 'application/json', text: '{}' },
          redirectURL: '',
          headersSize: -1,
          bodySize: 2,
        },
        cache: {},
        timings: { send: 0, wait: 5, receive: 0 },
      },
    ],
  },
};

const stats = (p95: number): string =>
  [
    'Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,' +
      'Max Response Time,Average Content Size,Requests/s,Failures/s,50%,66%,75%,80%,90%,95%,98%,99%,99.9%,99.99%,100%',
    `GET,/items,300,0,100,110,50,${p95},2,5,0,100,110,120,130,140,${p95},${p95},${p95},${p95},${p95},${p95}`,
    `,Aggregated,300,0,100,110,50,${p95},2,5,0,100,110,120,130,140,${p95},${p95},${p95},${p95},${p95},${p95}`,
    '',
  ].join('\n');

/** By the first words of a command: its page, its exit code, and its output. */
const called: readonly (readonly [words: string, page: string, code: number, says: RegExp])[] = [
  ['npx loadwright init', 'docs/in-your-repository.md', 0, /npx playwright test --project=smoke/],
  ['npx loadwright --help', 'docs/in-your-repository.md', 0, /bisect/],
  ['npx loadwright from-har', 'docs/from-k6-and-locust.md', 0, /^load\/shop\.spec\.ts/m],
  ['npx loadwright compare old/', 'docs/comparing.md', 1, /critical/],
];

test(
  'commands of the docs run in a folder of a user',
  { tag: '@long' },
  async ({ repositoryOf, tarball }) => {
    const team = repositoryOf({
      'session.har': JSON.stringify(recorded),
      'old/shop_stats.csv': stats(150),
      'new/shop_stats.csv': stats(900),
    });
    await team.install(`-D ${tarball} @playwright/test@${runnerVersion}`);
    for (const [first, page, code, says] of called) {
      const found = commandsIn(page, readFileSync(page, 'utf8'))
        .map(({ words }) => words.map(shellWord).join(' '))
        .find((line) => line.startsWith(first));
      expect(found, `${page}: ${first}`).toBeDefined();
      const line = found!;
      const outcome = await team.run(line);
      expect.soft(outcome.code, `${line}\n${outcome.output}`).toBe(code);
      expect.soft(outcome.output, line).toMatch(says);
    }
    const { stdout } = await team.must('npx playwright test --list --project=smoke');
    expect(stdout).toContain('answers every task');
  },
);
