/** Who may import whom, and how large a file may be: checked data, in this one place. */
import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import config from '../playwright.config.ts';

const leaves = [
  'clock',
  'timer-queue',
  'alarm',
  'random',
  'duration',
  'caller',
  'command-words',
  'commit',
  'slice',
  'signal',
  'nearest-name',
  'think-time',
  'whole-file',
];
const everythingInLoad = ['load/*'];

/** Part (a folder, or a file of load/) → parts that it may import. Imports point one way. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(leaves.map((leaf) => [`load/${leaf}`, []])),
  'load/clock': ['load/timer-queue', 'load/alarm'],
  'load/think-time': ['load/duration', 'load/random'],
  'load/setting-texts': leavesOfLoad(),
  'load/settings': ['load/setting-texts', ...leavesOfLoad()],
  'load/allowed-hosts': [],
  'load/run-folder': [],
  'load/metrics': leavesOfLoad(),
  'load/workload': ['load/metrics', 'load/settings', ...leavesOfLoad()],
  'load/schedule': ['load/workload', ...leavesOfLoad()],
  'load/executors': ['load/schedule', 'load/workload', ...leavesOfLoad()],
  'load/clients': ['load/metrics', 'load/allowed-hosts', ...leavesOfLoad()],
  'load/monitor': ['load/metrics', 'load/clients', ...leavesOfLoad()],
  'load/user': [
    ...['load/clients', 'load/metrics', 'load/executors', 'load/monitor'],
    ...leavesOfLoad(),
  ],
  'load/systems': [
    ...['load/user', 'load/clients', 'load/monitor', 'load/allowed-hosts', 'load/settings'],
    ...leavesOfLoad(),
  ],
  'load/budgets': ['load/metrics', 'load/analysis', ...leavesOfLoad()],
  'load/analysis': ['load/metrics', ...leavesOfLoad()],
  'load/baselines': ['load/metrics', 'load/analysis', ...leavesOfLoad()],
  'load/shards': [
    ...['load/metrics', 'load/budgets', 'load/baselines', 'load/report', 'load/run-folder'],
    ...['load/settings', ...leavesOfLoad()],
  ],
  'load/regression-issue': ['load/baselines', 'load/report', ...leavesOfLoad()],
  'load/report': [
    ...['load/metrics', 'load/budgets', 'load/baselines', 'load/run-folder', 'load/settings'],
    ...leavesOfLoad(),
  ],
  // The composition root and its parts.
  'load/run': everythingInLoad,
  'load/stream-run': everythingInLoad,
  'load/plan': everythingInLoad,
  'load/preflight': everythingInLoad,
  'load/health-check': everythingInLoad,
  'load/interval-closer': everythingInLoad,
  'load/target-lock': ['load/monitor'],
  'load/target-monitor': everythingInLoad,
  'load/interval-times': everythingInLoad,
  // The services stand in for a user's own systems: the engine and they know nothing of each other.
  'fixtures/reference': [],
  'fixtures/matchers': ['load/*'],
  fixtures: ['load/*', 'fixtures/matchers', 'fixtures/reference'],
  'tests/systems': ['load/*', 'fixtures'],
  bench: ['load/*', 'tests/engine', 'tests/instrument', 'bench/contenders'],
  'bench/contenders': ['load/*', 'bench'],
};

function leavesOfLoad(): string[] {
  return leaves.map((leaf) => `load/${leaf}`);
}

const sources = ['load', 'fixtures', 'tests', 'bench'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path)),
);

/** `load/metrics/result.ts` → `load/metrics`; `load/run.ts` → `load/run`; `fixtures/test.ts` → `fixtures`. */
function partOf(path: string): string {
  const [top = '', second = '', ...rest] = path.split('/');
  if (rest.length > 0) return `${top}/${second}`;
  return top === 'load' ? `load/${second.replace(/\.ts$/, '')}` : top;
}

function importsOf(path: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(path, 'utf8'), true, true);
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith('.'))
    .map((name) => normalize(join(dirname(path), name)));
}

function isAllowed(from: string, to: string): boolean {
  if (from === to || from.startsWith('tests/engine') || !(from in mayImport)) return true;
  return mayImport[from]!.some(
    (part) => part === to || (part === 'load/*' && to.startsWith('load/')),
  );
}

test('imports point one way', () => {
  const wrong = sources.flatMap((path) =>
    importsOf(path)
      .filter((target) => !isAllowed(partOf(path), partOf(target)))
      .map((target) => `${path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('every part of load/ and fixtures/ stands in the table', () => {
  const parts = new Set(sources.filter((path) => !path.startsWith('tests')).map(partOf));
  expect([...parts].filter((part) => !(part in mayImport))).toEqual([]);
});

test('a rule of the table is broken by an import against its direction', () => {
  expect(isAllowed('load/metrics', 'load/clients')).toBe(false);
  expect(isAllowed('fixtures/reference', 'load/run')).toBe(false);
  expect(isAllowed('load/clients', 'load/metrics')).toBe(true);
});

test('files have at most 300 lines and folders are at most three deep', () => {
  const long = sources
    .map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > 300);
  expect(long).toEqual([]);
  expect(sources.filter((path) => path.split('/').length > 4)).toEqual([]);
});

const outside = /^node:(child_process|net|https?|tls|dgram|worker_threads)$/;

/** Whether a test, or what it imports beside the engine, can start a process or open a socket. */
function startsSomething(path: string, seen = new Set<string>()): boolean {
  if (seen.has(path)) return false;
  seen.add(path);
  const { importedFiles } = ts.preProcessFile(withoutTypes(readFileSync(path, 'utf8')), true, true);
  return importedFiles.some(({ fileName }) => {
    const target = normalize(join(dirname(path), fileName));
    const isNear = sources.includes(target) && !target.startsWith('load/');
    return outside.test(fileName) || (isNear && startsSomething(target, seen));
  });
}

function withoutTypes(text: string): string {
  return text.replaceAll(/^import type .*?;$/gms, '');
}

test('the tests that run in `npm run check` start no process and open no socket, and all of these run', () => {
  const { testMatch } = config.projects!.find(({ name }) => name === 'engine')!;
  const specs = sources.filter((path) => /^tests\/(?!systems|instrument).*\.spec\.ts$/.test(path));
  expect(specs.filter((path) => (testMatch as RegExp).test(`/${path}`))).toEqual(
    specs.filter((path) => !startsSomething(path)),
  );
});

test('only the clock reads a clock or sets a timer', () => {
  const timers = String.raw`\b(setTimeout|setInterval|setImmediate|performance\.now`;
  const readersAmong = (paths: readonly string[], reads: RegExp): string[] =>
    paths.filter((path) => reads.test(withoutComments(readFileSync(path, 'utf8'))));
  const engine = sources.filter((path) => path.startsWith('load/') && path !== 'load/clock.ts');
  expect(readersAmong(engine, RegExp(`${timers}|Date\\.now|new Date\\(\\))`))).toEqual([]);
  // What starts a run names it by the time of day.
  const around = sources.filter((path) => /^fixtures\/(?!reference\/)/.test(path));
  expect(readersAmong(around, RegExp(`${timers})`))).toEqual([]);
});

test('no file is a drawer for everything, and none only passes names on', () => {
  const drawers = /(^|\/)(utils?|helpers?|common|core|misc)(\/|\.ts$)/;
  expect(sources.filter((path) => drawers.test(path))).toEqual([]);
  const isBarrel = (path: string): boolean => {
    const lines = withoutComments(readFileSync(path, 'utf8'))
      .split('\n')
      .filter((line) => line.trim() !== '');
    return lines.every((line) => /^\s*(export .* from |import )/.test(line));
  };
  expect(sources.filter(isBarrel)).toEqual([]);
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
}
