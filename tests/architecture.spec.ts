/**
 * Architecture as checked data, in one place: which part may import which, how large a file may be, and
 * rules that no linter checks.
 */
import { expect, test } from '@playwright/test';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { withBlock } from '../fixtures/commands/docs-blocks.ts';

/** Every folder of load/ → the folders that it may import, besides `platform` and itself. */
const load: Readonly<Record<string, readonly string[]>> = {
  platform: [],
  metrics: [],
  workload: ['metrics'],
  settings: ['workload'],
  clients: ['metrics', 'settings'],
  executors: ['workload'],
  monitor: ['clients', 'metrics'],
  user: ['clients', 'executors', 'metrics', 'monitor', 'workload'],
  analysis: ['metrics'],
  budgets: ['analysis', 'metrics'],
  baselines: ['analysis', 'budgets', 'metrics', 'settings'],
  report: ['analysis', 'baselines', 'budgets', 'metrics', 'paired', 'settings'],
  comparing: ['baselines', 'metrics', 'report', 'settings'],
  'regression-issue': ['baselines', 'report'],
  slices: ['baselines', 'budgets', 'metrics', 'report', 'settings', 'workload'],
  systems: ['clients', 'metrics', 'monitor', 'report', 'settings', 'user', 'workload'],
  live: ['baselines', 'budgets', 'metrics', 'report', 'settings'],
  paired: ['analysis', 'budgets', 'metrics'],
  drafts: ['clients', 'metrics', 'settings'],
  run: ['budgets', 'clients', 'executors', 'metrics', 'monitor', 'paired', 'user', 'workload'],
};

/** The parts outside load/ → the parts that they may import; `load/*` is every folder of load/. */
const around: Readonly<Record<string, readonly string[]>> = {
  // The services stand in for a user's own systems, so the engine and they must not know each other.
  'fixtures/reference': [],
  'fixtures/matchers': ['load/*'],
  'fixtures/agent': ['load/*'],
  'fixtures/commands': [
    'load/*',
    'fixtures',
    'fixtures/agent',
    'fixtures/init',
    'fixtures/reference',
  ],
  'fixtures/init': ['load/*'],
  fixtures: ['load/*', 'fixtures/matchers', 'fixtures/reference'],
  // Also written by teams: only the names of 'loadwright', and the users in the same folder.
  'tests/systems': ['load/systems', 'fixtures'],
  bench: ['load/*', 'tests/engine', 'tests/instrument', 'bench/contenders', 'bench/twins'],
  'bench/contenders': ['load/*', 'bench'],
  'bench/twins': ['load/*', 'tests/engine'],
};

/** `loadwright` and its further entries → the file that each opens. */
const { paths: entries } = (
  ts.parseConfigFileTextToJson('tsconfig.json', readFileSync('tsconfig.json', 'utf8')).config as {
    compilerOptions: { paths: Readonly<Record<string, readonly string[]>> };
  }
).compilerOptions;

const entryFiles = new Set(Object.values(entries).map(([file = '']) => normalize(file)));

const sources = ['load', 'fixtures', 'tests', 'bench'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => join(folder, path)),
);

const imports = new Map(sources.map((path) => [path, importsOf(path)]));

/** `load/metrics/log/reader.ts` → `load/metrics`; `fixtures/run-load.ts` → `fixtures`. */
function partOf(path: string): string {
  const [top = '', second = '', ...rest] = path.split('/');
  return rest.length > 0 ? `${top}/${second}` : top;
}

/** The suite's own files that a file imports, including type-only imports. */
function importsOf(path: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(path, 'utf8'), true, true);
  return importedFiles
    .map(({ fileName }) => fileName)
    .flatMap((name) => {
      const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
      if (entry !== undefined) return normalize(entry[0]!);
      return name.startsWith('.') ? normalize(join(dirname(path), name)) : [];
    });
}

function isAllowed(from: string, to: string): boolean {
  if (from === to) return true;
  const folder = /^load\/(.*)$/.exec(from)?.[1];
  if (folder !== undefined) {
    return ['platform', ...(load[folder] ?? [])].some((part) => `load/${part}` === to);
  }
  const parts = around[from];
  if (parts === undefined) return from.startsWith('tests/') || from === 'tests';
  return parts.some((part) => isOfRow(to, part));
}

/** Specs of loads may import every entry of loadwright. */
function isAllowedBetween(path: string, target: string): boolean {
  const from = partOf(path);
  const isEntry = from === 'tests/systems' && entryFiles.has(target);
  return isEntry || isAllowed(from, partOf(target));
}

/** A path from a node back to itself, for each circle; empty if there is none. */
function circlesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const done = new Set<string>();
  const visit = (node: string, way: readonly string[]): void => {
    if (way.includes(node)) {
      circles.push([...way.slice(way.indexOf(node)), node]);
      return;
    }
    if (done.has(node)) return;
    for (const next of graph.get(node) ?? []) visit(next, [...way, node]);
    done.add(node);
  };
  for (const node of graph.keys()) visit(node, []);
  return circles;
}

test('imports point one way', () => {
  const wrong = [...imports].flatMap(([path, targets]) =>
    targets
      .filter((target) => !isAllowedBetween(path, target))
      .map((target) => `${path} imports ${target}`),
  );
  expect(wrong).toEqual([]);
});

test('the docs show the table (-u writes it anew)', () => {
  const file = 'docs/architecture.md';
  const page = readFileSync(file, 'utf8');
  const rows = Object.entries(load).map(
    ([folder, others]) => `| \`${folder}\` | ${others.join(', ') || '–'} |`,
  );
  const table = ['| folder of `load/` | may import |', '|---|---|', ...rows].join('\n');
  const now = withBlock(page, { file, marker: 'imports', text: () => table });
  if (/all|changed/.test(test.info().config.updateSnapshots)) writeFileSync(file, now);
  else expect(page).toBe(now);
});

test('the docs say what each folder is for and with which file to begin, and that file says so, too', () => {
  const page = readFileSync('docs/architecture.md', 'utf8');
  const [folders = ''] = page.split('<!-- generated: imports -->');
  const wrong = Object.keys(load).filter((folder) => {
    const [, file = ''] =
      RegExp(`^\\| \`${folder}\` \\| .+ \\| \`(.+)\` \\|$`, 'm').exec(folders) ?? [];
    return !beginsThere(`load/${folder}/${file}`);
  });
  expect(wrong).toEqual([]);
  expect(beginsThere('load/platform/duration.ts')).toBe(false);
});

/** Unbroken, so that a search for the words finds it. */
function beginsThere(path: string): boolean {
  const isFile = path.endsWith('.ts') && existsSync(path);
  const [comment = ''] = isFile ? readFileSync(path, 'utf8').split('*/') : [];
  return comment.includes('Start reading here');
}

test('the table allows no circle of folders, and files form none', () => {
  expect(circlesIn(new Map(Object.entries(load)))).toEqual([]);
  expect(circlesIn(imports)).toEqual([]);
});

test('every row of the table is used by a file', () => {
  const used = [...imports].flatMap(([path, targets]) =>
    targets.map((target) => [partOf(path), partOf(target)] as const),
  );
  const rows = [
    ...Object.entries(load).map(([folder, others]) => ({
      from: `load/${folder}`,
      others: others.map((one) => `load/${one}`),
    })),
    ...Object.entries(around).map(([from, others]) => ({ from, others })),
  ];
  const unused = rows.flatMap(({ from, others }) =>
    others
      .filter((other) => !used.some(([by, to]) => by === from && isOfRow(to, other)))
      .map((other) => `${from} imports nothing of ${other}`),
  );
  expect(unused).toEqual([]);
});

function isOfRow(part: string, row: string): boolean {
  return part === row || (row === 'load/*' && part.startsWith('load/'));
}

test('every part of load/ and fixtures/ stands in the table', () => {
  const known = [...Object.keys(load).map((folder) => `load/${folder}`), ...Object.keys(around)];
  const parts = new Set(sources.filter((path) => !path.startsWith('tests')).map(partOf));
  expect([...parts].filter((part) => !known.includes(part))).toEqual([]);
});

/**
 * Pages run in a browser. From the suite they may import only the types of their data, the texts of
 * figures, and each other's parts.
 */
const pages = [
  {
    page: 'load/report/html/page/',
    others: /^load\/(platform\/|metrics\/figure-text\.ts$|report\/html\/page-data\.ts$)/,
  },
  {
    page: 'load/live/page/',
    others: /^load\/(live\/page-(data|state)\.ts$|report\/html\/(page\/|page-data\.ts$))/,
  },
];

test('pages import their own parts, their data and what writes figures', () => {
  const isOfPages = (path: string): boolean => pages.some(({ page }) => path.startsWith(page));
  for (const { page, others: forPage } of pages) {
    const own = [...imports].filter(([path]) => path.startsWith(page));
    expect(own.length).toBeGreaterThan(0);
    const others = own.flatMap(([, targets]) => targets.filter((one) => !one.startsWith(page)));
    expect(others.filter((target) => !forPage.test(target))).toEqual([]);
  }
  const outside = [...imports].filter(([path]) => !isOfPages(path));
  expect(outside.filter(([, targets]) => targets.some(isOfPages))).toEqual([]);
});

test('an import against the direction, a loose file and a circle would be noticed', () => {
  expect(isAllowed('load/metrics', 'load/clients')).toBe(false);
  expect(isAllowed('load/report', 'load/systems')).toBe(false);
  expect(isAllowed('fixtures/reference', 'load/run')).toBe(false);
  expect(isAllowed('load/clients', 'load/metrics')).toBe(true);
  expect(partOf('load/loose.ts')).toBe('load');
  const graph = { a: ['b'], b: ['c'], c: ['b'] };
  expect(circlesIn(new Map(Object.entries(graph)))).toEqual([['b', 'c', 'b']]);
});

test('files have at most 300 lines and folders are at most four deep', () => {
  const long = sources
    .map((path) => ({ path, lines: readFileSync(path, 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > 300);
  expect(long).toEqual([]);
  expect(sources.filter((path) => path.split('/').length > 5)).toEqual([]);
});

test('only the clock reads a clock or sets a timer', () => {
  const timers = String.raw`\b(setTimeout|setInterval|setImmediate|performance\.now`;
  const readersAmong = (paths: readonly string[], reads: RegExp): string[] =>
    paths.filter((path) => reads.test(withoutComments(readFileSync(path, 'utf8'))));
  const clock = 'load/platform/clock.ts';
  const engine = sources.filter((path) => path.startsWith('load/') && path !== clock);
  expect(readersAmong(engine, RegExp(`${timers}|Date\\.now|new Date\\(\\))`))).toEqual([]);
  // A run is named by the time of day where it starts.
  const outside = sources.filter((path) => /^fixtures\/(?!reference\/)/.test(path));
  expect(readersAmong(outside, RegExp(`${timers})`))).toEqual([]);
});

test('no file is a drawer for everything, and only the front door passes names on', () => {
  const drawers = /(^|\/)(utils?|helpers?|common|core|misc)(\/|\.ts$)/;
  expect(sources.filter((path) => drawers.test(path))).toEqual([]);
  const passedOn = /^(export|import)\b[^;]*?\bfrom '[^']*';$/gm;
  const isBarrel = (path: string): boolean =>
    withoutComments(readFileSync(path, 'utf8')).replaceAll(passedOn, '').trim() === '';
  expect(sources.filter(isBarrel)).toEqual(['fixtures/index.ts']);
});

test('a load spec takes every name that a team has from loadwright', () => {
  const around = sources
    .filter((path) => path.startsWith('tests/systems/'))
    .flatMap((path) => imports.get(path)!.map((target) => ({ path, target })))
    .filter(({ target }) => !isForSpecs(target));
  expect(around).toEqual([]);
});

test('a load spec may take a user beside it and every entry of loadwright, and nothing inside', () => {
  const allowed = ['tests/systems/shop-user.ts', 'load/clients/chat/streamed-chat.ts'];
  expect(allowed.filter((target) => !isForSpecs(target))).toEqual([]);
  expect(isAllowed('tests/systems', partOf('load/clients/chat/streamed-chat.ts'))).toBe(false);
  expect(isAllowedBetween('tests/systems/shop.spec.ts', 'load/clients/chat/streamed-chat.ts')).toBe(
    true,
  );
  expect(isForSpecs('load/run/load-run.ts')).toBe(false);
});

/**
 * The six systems' users import `loadwright`, its further entries, and files in the same folder, like a
 * team's.
 */
function isForSpecs(target: string): boolean {
  return /^(load|tests)\/systems\//.test(target) || entryFiles.has(target);
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
}
