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
