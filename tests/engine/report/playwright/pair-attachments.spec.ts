import { expect, test, type TestInfo } from '@playwright/test';
import type { TestResult } from '@playwright/test/reporter';
import { toldOnce } from '../../../../load/report/allure/told-once.ts';
import { isLoadTest } from '../../../../load/report/playwright/attachments.ts';
import {
  announcePair,
  pairsBegun,
  attachPair,
} from '../../../../load/report/playwright/pair-attachments.ts';
import { makePair } from '../../paired/make-pair.ts';
import { makeRounds } from '../../paired/make-round.ts';

type Sink = Pick<TestInfo, 'attachments' | 'annotations' | 'project'>;
type Facts = Readonly<Record<string, { name: string; value: string }[]>> & {
  readonly description?: string;
};

function sink(): Sink {
  return { attachments: [], annotations: [], project: { name: 'pair' } as TestInfo['project'] };
}

/** The message to Allure in the attachment of that name. */
function factsOf(attachments: TestResult['attachments'], name: string) {
  const found = attachments.find((one) => one.name === name);
  return JSON.parse(String(found?.body)) as { data: Facts; environment: Record<string, string> };
}

function values(parameters: Facts[string] = []): Record<string, string> {
  return Object.fromEntries(parameters.map(({ name, value }) => [name, value]));
}

const slower = makePair(makeRounds(8, 1.3));

test('before its first round a pair has its place in the tree, and says how it is run', () => {
  const info = sink();
  announcePair(info, slower.plan, 'reports/run/shop.pair.jsonl');
  expect(info.attachments.map(({ name }) => name)).toEqual(['_allure metadata', 'pair log']);
  const { data, environment } = factsOf(info.attachments, '_allure metadata');
  expect(values(data['labels'])).toMatchObject({
    parentSuite: 'shop',
    suite: 'pair',
    subSuite: '4-users',
    system: 'shop',
  });
  expect(values(data['parameters'])).toEqual({
    workload: '4 users, spawn rate 8/s, for 15 s',
    base: 'node base.js',
    head: 'node head.js',
    rounds: 'at most 40, of 15 s',
    seed: '1',
  });
  expect(environment).toMatchObject({ Targets: 'pair of shop: two commands', CPU: '2 × a CPU' });
  expect(info.annotations).toContainEqual({ type: 'head', description: 'node head.js' });
  expect(isLoadTest(info.attachments)).toBe(true);
});

test('a second pair of a test is told apart, and does not move its test in the tree', () => {
  const info = sink();
  announcePair(info, slower.plan, 'a.pair.jsonl');
  announcePair(info, slower.plan, 'b.pair.jsonl');
  const { data } = factsOf(info.attachments.slice(2), '_allure metadata');
  expect(data['labels']).toEqual([]);
  expect(Object.keys(values(data['parameters']))).toContain('head (pair 2)');
  expect(pairsBegun(info.attachments)).toBe(2);
});

test('its verdict is a label, and its differences stand beside their tolerances', () => {
  const info = sink();
  announcePair(info, slower.plan, 'a.pair.jsonl');
  attachPair(info, slower);
  const { data } = factsOf(info.attachments, '_pair');
  expect(values(data['labels'])).toEqual({ verdict: 'slower' });
  expect(values(data['parameters'])).toEqual({
    verdict: 'slower',
    p50: expect.stringMatching(/^\+30 % \(.* %\), tolerance 10 %$/),
    p95: expect.stringMatching(/^\+30 % \(.* %\), tolerance 10 %$/),
    'error rate': expect.stringMatching(/ points\), tolerance 0\.5 points$/),
  });
  const why = { verdict: 'invalid', faults: ['head: was not up'] } as const;
  const failed = { ...slower, verdict: { ...slower.verdict, ...why } };
  const broken = sink();
  attachPair(broken, failed);
  expect(values(factsOf(broken.attachments, '_pair').data['labels'])).toEqual({
    verdict: 'invalid pair',
  });
});

test('Allure has a green verdict as the description, and the figures first', () => {
  const info = sink();
  const pair = makePair(makeRounds(8, 1));
  announcePair(info, pair.plan, 'a.pair.jsonl');
  attachPair(info, pair);
  const told = toldOnce({
    attachments: info.attachments,
    errors: [],
  } as unknown as TestResult).attachments;
  expect(told[0]!.name).toBe('_pair');
  expect(told.map(({ name }) => name)).not.toContain('pair');
  const { data } = factsOf(told, '_allure description');
  expect(data.description).toMatch(/^ {4}no difference larger than 10 % at p50/);
});
