/** Two real services as the sides of a pair, one of them faulty. */
import { expect, test } from '@playwright/test';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { readPair } from '../../load/paired/pair-log.ts';
import { rebuild } from '../../load/report/files/rebuild.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { listening } from '../contracts/client-harness.ts';
import { drivenPair, serviceCommand, stoppedPair } from './driven-pair.ts';

const short = { round: '1s', rounds: 2 } as const;

/** Two rounds decide only if they hardly differ, and on a busy machine they do differ. */
const deciding = { round: '2s', rounds: 3, tolerances: { p50: '10 %' } } as const;

/** The longer an answer takes, the fewer requests these users send: how many is nothing to these tests. */
const calm = ['--delay', '20'];

function commands(head: readonly string[], base: readonly string[] = calm) {
  return { PAIR_COMMAND_A: serviceCommand(...base), PAIR_COMMAND_B: serviceCommand(...head) };
}

test('a head that is twice as slow is red, with its figures; the log and the reports tell the same', async ({}, testInfo) => {
  const sides = commands(['--delay', '50']);
  const { pair, message, attached, folder } = await drivenPair(testInfo, sides, deciding);
  expect(message).toMatch(/^head is \d+ % slower at p50 \(\d+(\.\d+)?–\d+(\.\d+)? %\), 3 rounds\n/);
  expect(readPair(pair.logPath!).verdict).toEqual(pair.verdict);
  const { results, summaryPath } = await rebuild(folder);
  expect(results.pairs).toMatchObject([{ verdict: 'slower', log: 'toy-pair-4-users.pair.jsonl' }]);
  expect(summaryPath).toContain(folder);
  expect(attached).toEqual([
    '_allure metadata',
    'pair log',
    '_pair',
    'pair',
    'pair.md',
    'both sides',
    'head against base, p50',
    'head against base, errorRate',
  ]);
});

test('each round has processes of its own, and none is left', async ({}, testInfo) => {
  const { pair } = await drivenPair(testInfo, commands(calm), short);
  const urls = pair.rounds.map(({ sides }) => sides.map(({ url }) => url));
  // The ports are swapped.
  expect(new Set(urls.flat()).size).toBe(2);
  expect(urls[0]).not.toEqual(urls[1]);
  for (const url of urls.flat()) await expect(fetch(url)).rejects.toThrow();
});

for (const [what, head, fault] of [
  [
    'ends at once',
    ['--as', 'fails'],
    /^head: the command ended with exit code 3\nno such database/,
  ],
  [
    'answers with a page',
    ['--as', 'html'],
    /^head: Preflight: task "ask" ended invalid \(contentType\)/,
  ],
  ['dies in a round', ['--dies', '60'], /^head ended with exit code 1 during round 1/],
  ['is another endpoint', ['--as', 'long'], /^base and head answer "ask" with \d+ and \d+ bytes/],
] as const) {
  test(`a head that ${what} is told, and never called alike`, async ({}, testInfo) => {
    const { pair, message } = await drivenPair(testInfo, commands([...calm, ...head]), short);
    expect(pair.verdict.verdict).toBe('invalid');
    expect(pair.verdict.faults[0]).toMatch(fault);
    expect(message).toMatch(/^invalid: /);
  });
}

test(
  'two addresses are compared as they are, and the report says why that is weaker',
  { tag: '@long' },
  async ({}, testInfo) => {
    const [base, head] = await Promise.all([textServer(20), textServer(60)]);
    try {
      const { pair, message } = await drivenPair(
        testInfo,
        { TOY_URL_A: base.url, TOY_URL_B: head.url },
        deciding,
      );
      expect(pair.verdict.verdict).toBe('slower');
      expect(pair.plan.sides).toMatchObject({ kind: 'addresses', areRestarted: false });
      expect(message).toContain('two processes of one build differ by about 2 %');
    } finally {
      await Promise.all([base.close(), head.close()]);
    }
  },
);

test('a side that is not up in time is told, with the setting', async ({}, testInfo) => {
  const sides = commands(['--as', 'mute']);
  const { pair } = await drivenPair(testInfo, { ...sides, PAIR_READY_TIMEOUT: '1s' }, short);
  expect(pair.verdict.verdict).toBe('invalid');
  expect(pair.verdict.faults[0]).toMatch(
    /^head: was not up within 1 s \(PAIR_READY_TIMEOUT\): .*refused/s,
  );
});

for (const [what, mute] of [
  ['the first side', 'PAIR_COMMAND_A'],
  ['the second side', 'PAIR_COMMAND_B'],
] as const) {
  test(`stopped while ${what} starts: the verdict so far at once, and no process left`, async ({}, testInfo) => {
    const [mutePid, calmPid] = ['mute', 'calm'].map((name) => testInfo.outputPath(name));
    mkdirSync(testInfo.outputPath(), { recursive: true });
    const calmSide = serviceCommand(...calm, '--pid', calmPid!);
    const { pair, attached } = await stoppedPair(
      testInfo,
      {
        PAIR_COMMAND_A: calmSide,
        PAIR_COMMAND_B: calmSide,
        [mute]: serviceCommand('--as', 'mute', '--pid', mutePid!),
        // Whoever waits for it to be up misses the timeout of this test.
        PAIR_READY_TIMEOUT: '10m',
      },
      () => existsSync(mutePid!),
    );
    expect(pair.end?.cause).toBe('interrupted');
    expect(pair.verdict.verdict).toBe('undecided');
    expect(attached).toEqual(['_allure metadata', 'pair log', '_pair', 'pair', 'pair.md']);
    const pids = [mutePid!, calmPid!].filter(existsSync).map((path) => readFileSync(path, 'utf8'));
    expect(pids).toHaveLength(mute === 'PAIR_COMMAND_A' ? 1 : 2);
    for (const pid of pids) expect(() => process.kill(Number(pid), 0)).toThrow('ESRCH');
  });
}

test('without commands, addresses or a reference service it is refused', async ({}, testInfo) => {
  await expect(drivenPair(testInfo, {}, short)).rejects.toThrow(
    'toy: nothing says what the sides are; set PAIR_COMMAND_A and PAIR_COMMAND_B, or TOY_URL_A and TOY_URL_B',
  );
});

test('an address where nothing listens is told', async ({}, testInfo) => {
  const base = await textServer(1);
  try {
    const down = `http://127.0.0.1:${await freePort()}`;
    const { pair } = await drivenPair(testInfo, { TOY_URL_A: base.url, TOY_URL_B: down }, short);
    expect(pair.verdict.faults[0]).toMatch(/^head: .*\n.*refused/);
  } finally {
    await base.close();
  }
});

async function textServer(delayMs: number) {
  const answer = { 'content-type': 'application/json' };
  const server = createServer((request, response) => {
    const body = request.url === '/health' ? '{}' : '{"text":"hello"}';
    setTimeout(() => response.writeHead(200, answer).end(body), delayMs);
  });
  const listener = await listening(server);
  return { url: `http://127.0.0.1:${listener.port}`, close: () => listener.close() };
}
