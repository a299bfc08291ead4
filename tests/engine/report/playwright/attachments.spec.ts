import { expect, test, type TestInfo } from '@playwright/test';
import { isAbsolute } from 'node:path';
import { judgedLoad } from '../../../../load/budgets/judged-load.ts';
import {
  announceLoad,
  attachedLoads,
  attachLog,
  attachResult,
  retellLoad,
} from '../../../../load/report/playwright/attachments.ts';
import { failing } from '../../budgets/failing-results.ts';
import { makeLoad, makeResult } from '../../budgets/make-result.ts';

type Sink = Pick<TestInfo, 'attachments' | 'annotations'>;

function sink(): Sink {
  return { attachments: [], annotations: [] };
}

function metadataOf({ attachments }: Sink, index = 0) {
  const text = attachments[index]?.body?.toString() ?? '';
  return JSON.parse(text) as {
    data: { labels: { name: string; value: string }[]; parameters: Record<string, unknown>[] };
  };
}

test('the budgets come first, then statistics, outcomes and errors, as text', () => {
  const info = sink();
  attachLog(info, 'reports/x/rag.ndjson');
  attachResult(info, judgedLoad(failing()));
  expect(info.attachments.map(({ name, contentType }) => [name, contentType])).toEqual([
    ['interval log', 'application/x-ndjson'],
    // The reporter must know it; no report shows it.
    ['_load', 'application/vnd.allure.message+json'],
    ['budgets', 'text/plain'],
    ['statistics', 'text/plain'],
    ['outcomes', 'text/plain'],
    ['errors', 'text/plain'],
  ]);
  expect(info.attachments[2]?.body?.toString()).toMatch(/^Budget not met: p95 is ∞/);
  expect(isAbsolute(info.attachments[0]?.path ?? '')).toBe(true);
});

test('without errors there is no table of them', () => {
  const info = sink();
  attachResult(info, makeLoad());
  expect(info.attachments.map(({ name }) => name)).toEqual([
    '_load',
    'budgets',
    'statistics',
    'outcomes',
  ]);
});

test('annotations say what ran, without credentials', () => {
  const info = sink();
  const target = { url: 'https://user:secret@host:8080/v1?key=secret', kind: 'real' } as const;
  const slice = { index: 2, count: 4 };
  const flags = ['any certificate accepted'];
  announceLoad(
    info,
    makeResult({ plan: { target, slice, flags, timeScale: 0.1, shortened: true, seed: 7 } }).plan,
  );
  expect(info.annotations).toEqual([
    { type: 'workload', description: '5 users, run as 5 min' },
    { type: 'think time', description: '1 s' },
    { type: 'target', description: 'host:8080 (real)' },
    { type: 'seed', description: '7' },
    { type: 'time scale', description: '0.1 (shortened on purpose: too short for some budgets)' },
    { type: 'slice', description: '2 of 4' },
    { type: 'flags', description: 'any certificate accepted' },
  ]);
  expect(JSON.stringify(metadataOf(info))).not.toContain('secret');
});

test('Allure is told labels and parameters, and nobody else sees the message', () => {
  const info = sink();
  announceLoad(info, makeResult().plan);
  expect(info.attachments[0]).toMatchObject({
    // Playwright's reports hide what begins with an underscore.
    name: '_allure metadata',
    contentType: 'application/vnd.allure.message+json',
  });
  const { labels, parameters } = metadataOf(info).data;
  expect(labels).toContainEqual({ name: 'system', value: 'rag-service' });
  expect(labels).toContainEqual({ name: 'scenario', value: 'steady' });
  expect(labels).toContainEqual({ name: 'level', value: '5 users' });
  // Else a new seed or port would begin a new history.
  expect(parameters.every(({ excluded }) => excluded === true)).toBe(true);
});

test('a second load of a test has parameters of its own and no second labels', () => {
  const info = sink();
  announceLoad(info, makeResult().plan);
  announceLoad(info, makeResult().plan);
  const { labels, parameters } = metadataOf(info, 1).data;
  expect(labels).toEqual([]);
  expect(parameters[0]).toMatchObject({ name: 'workload (load 2)', value: '5 users' });
});

test('a load beside the one that its test is named for bears its name', () => {
  const info = sink();
  announceLoad(info, makeResult().plan);
  const recovery = makeLoad({ plan: { part: 'recovery' } });
  announceLoad(info, recovery.plan);
  attachResult(info, recovery);
  expect(metadataOf(info, 1).data.parameters[0]).toMatchObject({ name: 'workload (recovery)' });
  expect(metadataOf(info, 2).data.parameters[0]).toMatchObject({ name: 'verdict (recovery)' });
  expect(info.annotations.map(({ type }) => type)).toContain('target (recovery)');
});

test('the loads of a sliced test are told anew, each under its own name', () => {
  const info = sink();
  const slice = { index: 1, count: 2 };
  for (const plan of [{ slice }, { slice, part: 'recovery' }]) {
    announceLoad(info, makeResult({ plan }).plan);
  }
  const slices = [1, 2].map((index) => ({ index, host: 'h', pid: index, startedAtEpochMs: 0 }));
  for (const plan of [{}, { part: 'recovery' }]) {
    retellLoad(info, makeResult({ plan: { ...plan, merged: { count: 2, slices } } }).plan);
  }
  const named = info.annotations.filter(({ type }) => type.startsWith('slice'));
  expect(named).toEqual(
    ['slices', 'slices (recovery)'].map((type) => ({
      type,
      description: '2; clocks not compared',
    })),
  );
});

test('the loads of a test are found again, with their texts', () => {
  const info = sink();
  announceLoad(info, makeResult().plan);
  attachLog(info, '/run/a.ndjson');
  attachResult(info, makeLoad());
  info.attachments.push({ name: 'budgets', contentType: 'text/plain', body: Buffer.from('mine') });
  attachLog(info, '/run/a.2.ndjson');
  attachResult(info, judgedLoad(failing()));
  attachLog(info, '/run/a.3.ndjson');
  const loads = attachedLoads(info.attachments);
  expect(loads.map(({ logPath }) => logPath)).toEqual([
    '/run/a.ndjson',
    '/run/a.2.ndjson',
    '/run/a.3.ndjson',
  ]);
  expect(loads.map(({ texts }) => texts?.budgets.split(':')[0])).toEqual([
    'Budgets met',
    'Budget not met',
    undefined,
  ]);
  expect(loads.map(({ verdict }) => verdict)).toEqual(['pass', 'fail', undefined]);
  expect(loads.map(({ texts }) => texts?.errors === '')).toEqual([true, false, false]);
  expect(attachedLoads([])).toEqual([]);
});
