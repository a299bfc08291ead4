/** How `loadwright bisect` starts a side, and what it takes from the pair test's verdict. */
import { expect, test } from '@playwright/test';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { judgedBy, startCommand, type PairResult } from '../../fixtures/commands/bisect-pair.ts';
import { commandWords } from '../../load/platform/command-words.ts';
import { ProcessGroup } from '../../load/platform/process-group.ts';
import { pairEntry } from '../../load/report/files/run-pairs.ts';
import { outerEnvironment } from '../child-processes.ts';
import { drivenPair, serviceCommand } from './driven-pair.ts';

/** Everything that the command of a side prints until it ends by itself. */
async function outputOf(folder: string, start: string): Promise<string> {
  const group = new ProcessGroup(commandWords(startCommand(folder, start)), outerEnvironment());
  await group.ended();
  // The end of a process may be known before the end of its output.
  await group.stop();
  return group.lost!;
}

test('a side is started by a line for the shell, in its folder', async ({}, testInfo) => {
  const folder = testInfo.outputPath("a team's $HOME folder");
  mkdirSync(folder);
  const lines: [string, string][] = [
    [`LEVEL=7 sh -c 'echo "level $LEVEL"'`, 'level 7'],
    ['echo one && echo two', 'one\ntwo'],
    ['false || echo other', 'other'],
    ['cd .. && cd - > /dev/null; pwd', folder],
    [String.raw`printf 'a\tb\\n%s' "$(basename "$PWD")"`, "a\tb\\na team's $HOME folder"],
    ['echo first\necho second', 'first\nsecond'],
  ];
  for (const [start, printed] of lines) {
    expect(await outputOf(folder, start)).toBe(`ended with exit code 0\n${printed}`);
  }
  expect(await outputOf(`${folder}/missing`, 'echo started')).not.toContain('started');
});

test('a side that is ended can close what it has opened', async ({}, testInfo) => {
  const [file, folder] = [testInfo.outputPath('said'), testInfo.outputDir];
  const script =
    "const { appendFileSync } = require('node:fs'); const say = (t) => appendFileSync('said', t);" +
    "process.on('SIGTERM', () => setTimeout(() => { say(' closed'); process.exit(); }, 100));" +
    "setInterval(() => undefined, 1000); say('up');";
  const start = `MODE=test node -e "${script}" && echo ' never' >> said`;
  writeFileSync(file, '');
  const group = new ProcessGroup(commandWords(startCommand(folder, start)), outerEnvironment());
  await expect.poll(() => readFileSync(file, 'utf8'), { intervals: [20] }).toBe('up');
  await group.stop();
  expect(readFileSync(file, 'utf8')).toBe('up closed');
});

const pair = (verdict: PairResult['verdict'], faults: string[] = []): PairResult => ({
  verdict,
  sentence: `sentence of ${verdict}`,
  faults,
});

test('one slower pair makes the commit slower; it is alike only if all pairs are', () => {
  const cases: [PairResult['verdict'][], string][] = [
    [['no difference', 'slower', 'undecided'], 'slower'],
    [['faster', 'undecided'], 'undecided'],
    [['undecided', 'invalid'], 'invalid'],
    [['faster', 'no difference'], 'no difference'],
    [['faster'], 'faster'],
  ];
  for (const [verdicts, expected] of cases) {
    const pairs = verdicts.map((verdict) => pair(verdict, verdict === 'invalid' ? ['why'] : []));
    expect(judgedBy(pairs).verdict).toBe(expected);
  }
});

test('an invalid pair tells its whole reason', () => {
  const judged = judgedBy([pair('invalid', ['head: the command ended\nno such module', 'more'])]);
  const why = 'invalid: head: the command ended\nno such module';
  expect(judged).toEqual({ verdict: 'invalid', why, isGoodDown: false });
});

for (const [side, isGoodDown] of [
  ['A', true],
  ['B', false],
] as const) {
  test(`a ${side === 'A' ? 'base' : 'head'} that does not start is told apart`, async ({}, testInfo) => {
    const driven = await drivenPair(testInfo, {
      PAIR_COMMAND_A: serviceCommand('--as', side === 'A' ? 'fails' : 'json'),
      PAIR_COMMAND_B: serviceCommand('--as', side === 'B' ? 'fails' : 'json'),
    });
    const judged = judgedBy([pairEntry(driven.pair)]);
    expect(judged.isGoodDown).toBe(isGoodDown);
    expect(judged.why).toContain('no such database');
  });
}
