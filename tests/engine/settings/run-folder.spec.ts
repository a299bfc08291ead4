import { expect, test } from '@playwright/test';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import {
  fourLetters,
  logPathOf,
  nextLoad,
  nameRun,
  openRunFolder,
  refuseUnusableFolder,
} from '../../../load/settings/run-folder.ts';

const now = new Date('2026-03-04T05:06:07.890Z');

test('a run is named by UTC time and four letters, and its folder by its name', () => {
  const environment = {};
  nameRun(environment, now, 'abcd');
  expect(environment).toEqual({
    LOAD_RUN_ID: '2026-03-04T05-06-07-abcd',
    LOAD_RUN_DIR: resolve('reports/2026-03-04T05-06-07-abcd'),
  });
});

test('a name that somebody gave stands', () => {
  const environment = { LOAD_RUN_ID: 'nightly' };
  nameRun(environment, now, 'abcd');
  nameRun(environment, now, 'efgh');
  const folder = resolve('reports/nightly');
  expect(environment).toEqual({ LOAD_RUN_ID: 'nightly', LOAD_RUN_DIR: folder });
});

test('slices share a name that somebody gave, and have a folder each', () => {
  expect(() => {
    nameRun({ LOAD_SLICE: '2/4' }, new Date(0), 'abcd');
  }).toThrow('LOAD_SLICE: the slices of a run share its name; set LOAD_RUN_ID in each');
  const environment: NodeJS.ProcessEnv = { LOAD_SLICE: '2/4', LOAD_RUN_ID: 'tuesday' };
  nameRun(environment, new Date(0), 'abcd');
  expect(environment['LOAD_RUN_DIR']).toBe(resolve('reports/tuesday/slices/2-of-4'));
});

test('the four letters are letters', () => {
  expect(fourLetters()).toMatch(/^[a-z]{4}$/);
});

test('opening a folder makes it, and points `latest` to it', () => {
  const reports = test.info().outputPath('reports');
  for (const name of ['first', 'second', 'second']) {
    const path = join(reports, name);
    expect(openRunFolder(path)).toBe(path);
    expect(statSync(path).isDirectory()).toBe(true);
    expect(readlinkSync(join(reports, 'latest'))).toBe(name);
  }
});

test('where `latest` cannot be a link nothing is left lying about', () => {
  const reports = test.info().outputPath('reports');
  mkdirSync(join(reports, 'latest'), { recursive: true });
  openRunFolder(join(reports, 'first'));
  openRunFolder(join(reports, 'second'));
  expect(readdirSync(reports).sort()).toEqual(['first', 'latest', 'second']);
});

for (const [what, put, left] of [
  [
    'a file',
    (latest: string) => {
      writeFileSync(latest, 'mine');
    },
    (latest: string) => readFileSync(latest, 'utf8'),
  ],
  [
    'a link to a folder of somebody else',
    (latest: string) => {
      mkdirSync(join(dirname(latest), 'mine'));
      writeFileSync(join(dirname(latest), 'mine/file'), '');
      symlinkSync('mine', latest);
    },
    readlinkSync,
  ],
] as const) {
  test(`${what} named "latest" stays`, () => {
    const reports = test.info().outputPath('reports');
    mkdirSync(reports);
    const latest = join(reports, 'latest');
    put(latest);
    openRunFolder(join(reports, 'first'));
    expect(left(latest)).toBe('mine');
  });
}

test('a link that leads nowhere any more is turned to the newest', () => {
  const reports = test.info().outputPath('reports');
  mkdirSync(reports);
  symlinkSync('removed', join(reports, 'latest'));
  openRunFolder(join(reports, 'first'));
  expect(readlinkSync(join(reports, 'latest'))).toBe('first');
});

test('a folder with files in it is usable where a run made it, and else refused', () => {
  const folder = test.info().outputPath('run');
  mkdirSync(folder);
  refuseUnusableFolder(folder);
  writeFileSync(join(folder, 'thesis.md'), 'mine');
  expect(() => {
    refuseUnusableFolder(folder);
  }).toThrow(
    `LOAD_RUN_DIR=${folder}: thesis.md is in it, and no run made this folder; accepted is`,
  );
  // Its mark, a hidden file, is lost when a pipeline's artifacts leave out hidden files.
  writeFileSync(join(folder, 'a.ndjson'), '{"type":"plan","schema":2}');
  refuseUnusableFolder(folder);
});

test('a folder that cannot be made is refused by name', () => {
  const file = test.info().outputPath('file');
  writeFileSync(file, '');
  const path = join(file, 'run');
  expect(() => openRunFolder(path)).toThrow(`LOAD_RUN_DIR=${path}: `);
});

for (const [slice, names] of [
  [{ index: 1, count: 1 }, ['api.ndjson', 'api.2.ndjson', 'api.3.ndjson']],
  [{ index: 2, count: 4 }, ['api.slice-2-of-4.ndjson', 'api.2.slice-2-of-4.ndjson']],
] as const) {
  test(`each load of slice ${slice.index}/${slice.count} gets a log of its own`, () => {
    const folder = openRunFolder(test.info().outputPath('run'));
    for (const name of names) {
      const named = { testId: 'api', slice };
      const path = logPathOf(folder, { ...named, load: nextLoad(folder, named) });
      expect(path).toBe(join(folder, name));
      writeFileSync(path, '');
    }
  });
}
