import { expect, test } from '@playwright/test';
import { allureOptions } from '../../../../load/report/allure/options.ts';

const { categories } = allureOptions('x', {});

const messages: readonly [string, string | undefined][] = [
  ['Error: Budget not met: p95 is 3 s, limit < 2 s\n\nstatus …', 'Budget not met'],
  ['Budget not met: p95 is 3 s', 'Budget not met'],
  ['my words\n\nNo data: p99 has 3 of 368 samples', 'No data'],
  ['Error: Invalid instrument: log breaks off\nat x', 'Invalid instrument'],
  ['Error: Preflight: the system is not healthy', 'Preflight failed'],
  ['Error: Worse than the baseline: p95 (baselines/ci/a.json, 3 runs)', 'Worse than the baseline'],
  ['Error: No baseline: baselines/ci/a.json (not written: it failed)', 'No baseline'],
  ['Error: Baseline written: baselines/ci/a.json (there was none)', 'No baseline'],
  ['Error: head is 14 % slower at p50 (9–19 %), 8 rounds\n\nmetric …', 'Slower than base'],
  ['head fails 3 points more often (2–4 points), 8 rounds', 'Slower than base'],
  ['Error: invalid: head: the command ended with exit code 3', 'Invalid pair'],
  ['Error: undecided after 40 rounds: p95 +3 % (−9 to 15 %)', 'Undecided pair'],
  ['Error: expected a: No data: b', undefined],
  ['Worker exited unexpectedly', undefined],
];

for (const [message, name] of messages) {
  test(`${JSON.stringify(message)} is in ${name ?? 'no category'}`, () => {
    const found = categories.filter(({ messageRegex }) => new RegExp(messageRegex).test(message));
    expect(found.map((category) => category.name)).toEqual(name === undefined ? [] : [name]);
    // Allure 2 matches the whole message.
    for (const { messageRegex } of found) {
      expect(new RegExp(`^(?:${messageRegex})$`).exec(message)?.[0]).toBe(message);
    }
  });
}

test('the environment names what matters and no address', () => {
  const { resultsDir, environmentInfo } = allureOptions('reports/allure-results', {
    LOAD_SEED: '7',
    LOAD_TIME_SCALE: '0.5',
    OTHER_URL: 'http://other',
    PATH: '/bin',
    HEALTH_AGENT_URL: 'http://user:secret@agent.internal',
  });
  expect(resultsDir).toBe('reports/allure-results');
  expect(environmentInfo).toMatchObject({
    Node: process.versions.node,
    Seed: '7',
    'Time scale': '0.5',
    Targets: 'real: health-agent; else reference services',
    Suite: expect.stringMatching(/^loadwright \d/),
  });
  expect(JSON.stringify(environmentInfo)).not.toMatch(/secret|internal|other/);
  expect(allureOptions('x', {}).environmentInfo?.['Targets']).toBe('reference services');
});

test('the environment names the sides of a pair by their kind', () => {
  const targets = (environment: Record<string, string>): unknown =>
    allureOptions('x', environment).environmentInfo?.['Targets'];
  expect(targets({ PAIR_COMMAND_A: 'node a --key secret', PAIR_COMMAND_B: 'node b' })).toBe(
    'pairs: two commands; else reference services',
  );
  expect(targets({ RAG_SERVICE_URL_A: 'http://a', RAG_SERVICE_URL_B: 'http://b' })).toBe(
    'pair of rag-service: two addresses; else reference services',
  );
  const both = { RAG_SERVICE_URL: 'http://c', RAG_SERVICE_URL_A: 'http://a' };
  expect(targets(both)).toBe(
    'real: rag-service; pair of rag-service: two addresses; else reference services',
  );
});
