/** The live line together with Playwright's own reporters, as a terminal shows it. */
import { expect, test } from '@playwright/test';
import { repository } from '../../child-processes.ts';
import { Emulator } from './emulator.ts';
import { makeSuite, runSuite, type NestedRun } from './nested-playwright.ts';

/** Logs of loads that take a few seconds, another test, and output of a test. */
const loads = `
import { expect, test } from '@playwright/test';
import { appendFileSync, existsSync, mkdirSync } from 'node:fs';
import { attachLog, attachResult } from '${repository}load/report/playwright/attachments.ts';
import { repeat } from '${repository}tests/engine/budgets/make-result.ts';
import { loadOf, logLines, requests } from '${repository}tests/engine/report/make-log.ts';

const seconds = repeat([requests(repeat(100, 200))], 2);

async function load(testInfo, name, halfway) {
  mkdirSync('run', { recursive: true });
  const path = 'run/' + name + '.ndjson';
  attachLog(testInfo, path);
  const events = [{ atMs: 900, kind: 'slow', text: 'chat took 4000 ms (ok)' }];
  const made = { seconds, interval: { events } };
  for (const line of logLines(made)) {
    appendFileSync(path, JSON.stringify(line) + '\\n');
    if (line.endMs === 1000) await halfway?.();
    // A busy machine may start the second worker when the first is done: they wait for each other.
    const isAlone = () => ['a', 'b'].some((one) => !existsSync('run/' + one + '-load.ndjson'));
    while (process.env.TOGETHER && isAlone()) await new Promise((resolve) => setTimeout(resolve, 50));
    // Longer than it takes until somebody looks again.
    if (line.type !== 'end') await new Promise((resolve) => setTimeout(resolve, 1100));
  }
  attachResult(testInfo, loadOf(made));
}

test('is of another kind', () => {});
test('a load', async ({}, testInfo) => {
  await load(testInfo, 'a-load', async () => {
    await test.step('a step', async () => {});
    console.log('said by the test');
  });
});
test('a load that fails', async ({}, testInfo) => {
  await load(testInfo, 'b-load');
  expect(1).toBe(2);
});
`;

const columns = 120;
const rows = 120;
const liveLine = /^[ab2][- ]loads?: \w.* (in flight|left|is lacking)/;

/** The screen each time after the live line was drawn. */
async function screens({ stdout }: NestedRun): Promise<string[][]> {
  const emulator = new Emulator(columns, rows);
  const shown: string[][] = [];
  // Each redraw begins like this; the run is shown in the steps between.
  for (const part of stdout.split(/(?=\r\u001b\[J)/)) {
    await emulator.write(part);
    shown.push(emulator.lines());
  }
  return shown;
}

async function watch(
  reporter: string,
  workers = 1,
  settings: Readonly<Record<string, string>> = {},
): Promise<readonly string[][]> {
  const folder = test.info().outputPath([reporter, workers, ...Object.keys(settings)].join('-'));
  makeSuite(folder, loads, { reporter, workers });
  const run = await runSuite(folder, [], {
    PLAYWRIGHT_FORCE_TTY: `${columns}x${rows}`,
    ...settings,
  });
  expect([run.code, run.stderr]).toEqual([1, '']);
  return screens(run);
}

/** The lines without durations, tables and the report of failures, which are not tested here. */
function outline(lines: readonly string[]): string[] {
  const end = lines.findIndex((line) => /^ {2}1\) /.test(line));
  return lines
    .slice(0, end < 0 ? undefined : end)
    .filter((line) => /✓|✘|took|·|^[ab]-load$|^F$|Running|\[steady\]/.test(line))
    .map((line) => line.replace(/ \([\d.]+m?s\)$/, '').replace(/\[steady\] › .*:\d+:\d+ › /, ''));
}

const slow = (name: string): string => `0:00 ${name}: chat took 4000 ms (ok)`;

function expectLiveLine(shown: readonly (readonly string[])[]): void {
  const last = shown.at(-1)!;
  expect(last.filter((line) => liveLine.test(line))).toEqual([]);
  const live = shown.filter((lines) => liveLine.test(lines.at(-1) ?? ''));
  for (const name of ['a-load', 'b-load']) {
    expect(live.some((lines) => lines.at(-1)!.startsWith(`${name}: steady state, 5 users`))).toBe(
      true,
    );
  }
  // Whenever the line is there, it is the last one and the only one of its kind.
  for (const lines of shown) expect(lines.slice(0, -1).filter((l) => liveLine.test(l))).toEqual([]);
}

test('beside the list, line and dot reporters', { tag: '@soak' }, async () => {
  // Each takes a few seconds, in which it mostly waits.
  const [list, twoWorkers, line, dot, quiet] = await Promise.all([
    watch('list'),
    watch('list', 2, { TOGETHER: '1' }),
    watch('line'),
    watch('dot'),
    watch('list', 2, { LOAD_QUIET: '1' }),
  ]);

  await test.step('list: ticks stand in the rows of their tests', () => {
    expectLiveLine(list);
    expect(list.at(-1)).toContain('said by the test');
    expect(outline(list.at(-1)!)).toEqual([
      'Running 3 tests using 1 worker',
      '  ✓  1 is of another kind',
      '  ✓  2 a load',
      // Its header, and below its table.
      'a-load',
      slow('a-load'),
      slow('a-load'),
      'a-load',
      '  ✘  3 a load that fails',
      'b-load',
      slow('b-load'),
      slow('b-load'),
      'b-load',
    ]);
  });

  await test.step('list with two workers: tables of one test stand between lines of others', () => {
    const last = twoWorkers.at(-1)!;
    const ticks = outline(last).filter((text) => /(a load.*|another kind)$/.test(text));
    // Each line once, and none that was not rewritten.
    expect(ticks.map((text) => text.slice(0, 3).trim()).sort()).toEqual(['✓', '✓', '✘']);
    expect(twoWorkers.flat().some((text) => text.startsWith('2 loads: '))).toBe(true);
    expect(last.filter((text) => liveLine.test(text))).toEqual([]);
  });

  await test.step('line: its last line is replaced, ours are not', () => {
    expectLiveLine(line);
    const last = line.at(-1)!;
    expect(outline(last).filter((text) => text.includes('took'))).toEqual([
      slow('a-load'),
      slow('a-load'),
      slow('b-load'),
      slow('b-load'),
    ]);
    expect(last).toContain('said by the test');
    const names = ['a-load', 'a-load', 'b-load', 'b-load'];
    expect(last.filter((text) => /^[ab]-load$/.test(text))).toEqual(names);
  });

  await test.step('dot: dots stand in lines of their own', () => {
    expectLiveLine(dot);
    // Playwright prints a test's output after a dot.
    const last = dot.at(-1)!.map((text) => text.replace('said by the test', ''));
    expect(dot.at(-1)!.join()).toContain('said by the test');
    expect(outline(last)).toEqual([
      'Running 3 tests using 1 worker',
      '·',
      'a-load',
      slow('a-load'),
      slow('a-load'),
      '·',
      'a-load',
      'b-load',
      slow('b-load'),
      slow('b-load'),
      'F',
      'b-load',
    ]);
  });

  await test.step('quiet: verdicts and failures only', () => {
    const texts = quiet.flat();
    expect(texts.filter((text) => liveLine.test(text) || text.includes('took'))).toEqual([]);
    expect(quiet.at(-1)).toContain('a-load: Budgets met: all 5');
  });
});
