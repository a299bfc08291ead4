import { expect, test } from '@playwright/test';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const virtualFile = join(root, 'tests/engine/budgets/virtual.ts');

const right = [
  `{ p95: '< 3 s', errorRate: '< 0.1 %', droppedIterations: '= 0', throughput: '> 8.3 /s' }`,
  `{ 'service.p99.9': '< 2.0 s', 'ttft.p95{model=small,turn=2}': '<= 250 ms' }`,
  `{ 'errorRate{request=login}': '< 1 %' }`,
  `{ p95: { limit: '< 3 s', abortOnFail: true, delay: '30s' } }`,
  `{ 'routerTime.p95': '< 1 s', retries: '= 0', 'retries{model=small}': '= 0' }`,
  `{ tasks: { query: { p95: '< 3 s' }, 'index documents': { 'routerTime.p50': '< 5 s' } } }`,
];

const wrong = [
  `{ p96: '< 3 s' }`,
  `{ erorRate: '< 1 %' }`,
  `{ 'servise.p95': '< 1 s' }`,
  `{ 'service.p96': '< 1 s' }`,
  `{ 'p95{model}': '< 1 s' }`,
  `{ p95: '3 s' }`,
  `{ p95: '<3 s' }`,
  `{ p95: '< 3 sec' }`,
  `{ p95: '< three s' }`,
  `{ p95: 3 }`,
  `{ p95: { limit: '< 3 sec' } }`,
  `{ p95: { limit: '< 3 s', abort: true } }`,
  `{ 'otherTrend.p95': '< 1 s' }`,
  `{ tasks: { querry: { p95: '< 3 s' } } }`,
  `{ tasks: { query: { p96: '< 3 s' } } }`,
  `{ tasks: { query: { tasks: {} } } }`,
];

test('a wrong metric, task or limit does not compile, a right one does', () => {
  test.slow();
  const lines = [...right, ...wrong].map((text, i) => `export const b${i}: B = ${text};`);
  const source = [
    `import type { Budgets } from '../../../load/budgets/names.ts';`,
    `type B = Budgets<'query' | 'index documents', 'routerTime', 'retries'>;`,
    ...lines,
  ].join('\n');
  const failing = new Set(linesThatDoNotCompile(source).map((line) => line - 2));
  const refused = [...right, ...wrong].filter((_, i) => failing.has(i));
  expect(refused).toEqual(wrong);
});

test('limits that tests share are given as a plain const, and those in place are checked still', () => {
  test.slow();
  const calls = [
    `run(user, { budgets: shared });`,
    `run(user, { budgets: ofOwn });`,
    `run(user, { budgets: { ...shared, p99: '< 3 s', retries: '= 0' } });`,
    `run(user, { budgets: { p95: '< 3 s', 'routerTime.p50': '< 9 ms', retries: '= 0' } });`,
    `run(user, { budgets: { p95: '3 s' } });`,
    `run(user, { budgets: { p96: '< 3 s' } });`,
    `run(user, { budgets: { ...shared, p96: '< 3 s' } });`,
    `run(user, { budgets: { 'routerTime.p50': '< 9 sec' } });`,
    `run(user, { budgets: { p95: { limit: '3 s' } } });`,
    `run(user, { budgets: { tasks: { query: { p95: '< three s' } } } });`,
  ];
  const source = [
    `import type { Budgets, BudgetText } from '../../../load/budgets/names.ts';`,
    `declare const user: { tasks: Record<'query', 1>; metrics: Record<'routerTime' | 'retries', 1> };`,
    `const tasks = { query: { p95: { limit: '< 9 s', abortOnFail: true } } };`,
    `const shared = { p95: '< 3 s', errorRate: '< 1 %', 'routerTime.p95': '< 1 s', tasks };`,
    `const ofOwn = { retries: '= 0', 'routerTime.p95': '< 1 s' };`,
    // As runLoad is declared.
    `declare function run<T extends string, M extends string, Text extends string = BudgetText>(`,
    `  user: { tasks: Record<T, 1>; metrics: Record<M, 1> },`,
    `  options: { budgets?: Budgets<T, M, M, Text> }): void;`,
    ...calls,
  ].join('\n');
  const failing = new Set(linesThatDoNotCompile(source).map((line) => line - 8));
  expect(calls.filter((_, i) => failing.has(i))).toEqual(calls.slice(4));
});

/** Line numbers (from 0) with an error, by the settings of the project. */
function linesThatDoNotCompile(source: string): number[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) =>
    ts.sys.readFile(path),
  ) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const host = ts.createCompilerHost(options);
  const readFile = host.readFile.bind(host);
  const fileExists = host.fileExists.bind(host);
  const getSourceFile = host.getSourceFile.bind(host);
  host.fileExists = (path) => path === virtualFile || fileExists(path);
  host.readFile = (path) => (path === virtualFile ? source : readFile(path));
  host.getSourceFile = (path, target, ...rest) =>
    path === virtualFile
      ? ts.createSourceFile(path, source, target)
      : getSourceFile(path, target, ...rest);
  const program = ts.createProgram([virtualFile], { ...options, types: [] }, host);
  const file = program.getSourceFile(virtualFile)!;
  const diagnostics = [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ];
  return diagnostics.map(({ start = 0 }) => file.getLineAndCharacterOfPosition(start).line);
}
