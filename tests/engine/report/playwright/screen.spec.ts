import { expect, test } from '@playwright/test';
import { defined } from '../../../../load/platform/defined.ts';
import { Screen, terminalSize } from '../../../../load/report/playwright/screen.ts';
import { Emulator, seen } from '../emulator.ts';

const esc = '\u001b';

function stream(isTTY = true) {
  const made = {
    bytes: '',
    isTTY,
    columns: 40,
    rows: 10,
    write: (chunk: string | Uint8Array) => {
      made.bytes += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      return true;
    },
  };
  return made;
}

function opened(stdout = stream(), stderr = stream(false), onDisturbed?: () => void) {
  const screen = new Screen(stdout, stderr, {}, onDisturbed);
  screen.open();
  return { screen, stdout };
}

/** As Playwright's list reporter comes back to a line of its own. */
function listUpdates(rows: number, text: string): string[] {
  return [`${esc}[${rows}A`, `${esc}[2K${esc}[0G`, text, `${esc}[${rows}E`];
}

test('a line that comes and goes leaves nothing', async () => {
  const { screen, stdout } = opened();
  stdout.write('one\n');
  screen.show('a line that is long');
  screen.show('a line');
  expect(await seen(stdout.bytes, 40, 10)).toEqual(['one', 'a line']);
  stdout.write('two\n');
  screen.show('again');
  screen.hide();
  stdout.write('three\n');
  expect(await seen(stdout.bytes, 40, 10)).toEqual(['one', 'two', 'three']);
});

test('at the bottom of the screen, too', async () => {
  const { screen, stdout } = opened();
  const expected = [];
  for (let i = 0; i < 25; i++) {
    stdout.write(`row ${i}\n`);
    expected.push(`row ${i}`);
    screen.show('live');
  }
  expect(await seen(stdout.bytes, 40, 10)).toEqual([...expected, 'live']);
});

test('below a line that has no end yet, which goes on where it stood', async () => {
  const { screen, stdout } = opened();
  // At the bottom: showing the line scrolls.
  stdout.write('\n'.repeat(12));
  for (const dot of ['··', '··', 'F']) {
    stdout.write(`${esc}[32m${dot}${esc}[39m`);
    screen.show('live');
    screen.show('live again');
  }
  expect((await seen(stdout.bytes, 40, 10)).slice(12)).toEqual(['····F', 'live again']);
  screen.print('0:12 slow\n');
  stdout.write('·');
  screen.hide();
  expect((await seen(stdout.bytes, 40, 10)).slice(12)).toEqual(['····F', '0:12 slow', '·']);
});

test('what is printed stays, and others find their lines above it', async () => {
  const { screen, stdout } = opened();
  stdout.write('  1 first\n');
  screen.print('slow one\nslow two\n');
  stdout.write('  2 second\n');
  screen.show('live');
  screen.print('slow three\n');
  for (const part of listUpdates(2, '✓ 1 first (1 s)')) stdout.write(part);
  for (const part of listUpdates(1, '✓ 2 second (2 s)')) stdout.write(part);
  screen.show('live');
  stdout.write('  3 third\n');
  for (const part of listUpdates(1, '✓ 3 third (3 s)')) stdout.write(part);
  expect(await seen(stdout.bytes, 40, 10)).toEqual([
    '✓ 1 first (1 s)',
    'slow one',
    'slow two',
    '✓ 2 second (2 s)',
    'slow three',
    '✓ 3 third (3 s)',
  ]);
});

test('a line of others that has left the screen is written anew at the bottom', async () => {
  const { screen, stdout } = opened();
  stdout.write('  1 first\n');
  stdout.write('  2 second\n');
  for (let i = 0; i < 8; i++) screen.print(`slow ${i}\n`);
  for (const part of listUpdates(1, '✓ 2 second (1 s)')) stdout.write(part);
  for (const part of listUpdates(2, '✓ 1 first (1 s)')) stdout.write(part);
  stdout.write('  3 third\n');
  for (const part of listUpdates(1, '✓ 3 third (1 s)')) stdout.write(part);
  expect((await seen(stdout.bytes, 40, 10)).slice(1)).toEqual([
    '✓ 2 second (1 s)',
    ...Array.from({ length: 8 }, (_, i) => `slow ${i}`),
    '✓ 1 first (1 s)',
    '✓ 3 third (1 s)',
  ]);
});

test('a reporter that replaces its last line replaces none of ours', async () => {
  const { screen, stdout } = opened();
  const replace = (text: string): void => {
    stdout.write(`${esc}[1A${esc}[2K${text}\n`);
  };
  stdout.write('\n');
  replace('[1/3] first');
  screen.show('live');
  replace('[2/3] second');
  screen.show('live');
  screen.print('slow\n');
  replace('[3/3] third');
  replace('1 failed');
  expect(await seen(stdout.bytes, 40, 10)).toEqual(['[2/3] second', 'slow', '1 failed']);
});

test('rows that wrap count as the terminal shows them', async () => {
  const { screen, stdout } = opened();
  stdout.write('  1 first\n');
  screen.print(`${'x'.repeat(50)}\n`);
  for (const part of listUpdates(1, '✓ 1 first')) stdout.write(part);
  expect(await seen(stdout.bytes, 40, 10)).toEqual(['✓ 1 first', 'x'.repeat(40), 'x'.repeat(10)]);
});

test('a terminal that became narrower: nothing of the wrapped line is left', async () => {
  const { screen, stdout } = opened();
  const emulator = new Emulator(20, 10);
  stdout.write('one\n');
  screen.show('x'.repeat(39));
  stdout.columns = 20;
  screen.show('short');
  await emulator.write(stdout.bytes);
  expect(emulator.lines()).toEqual(['one', 'short']);
});

test('errors on the same terminal do not run into the line', async () => {
  const terminal = stream();
  const stderr = stream();
  stderr.write = terminal.write;
  const { screen } = opened(terminal, stderr);
  screen.show('live');
  stderr.write('an error\n');
  expect(await seen(terminal.bytes, 40, 10)).toEqual(['an error']);
});

test('bytes pass as they are, and nobody is disturbed by nothing', () => {
  let disturbed = 0;
  const { screen, stdout } = opened(stream(), stream(false), () => (disturbed += 1));
  screen.show('live');
  stdout.write('');
  expect(disturbed).toBe(0);
  const passed: (string | Uint8Array)[] = [];
  const own = stream();
  own.write = (chunk) => passed.push(chunk) > 0;
  opened(own);
  const half = Buffer.from('größe').subarray(0, 3);
  own.write(half);
  expect(passed).toEqual([half]);
  stdout.write('x');
  expect(disturbed).toBe(1);
});

test('without a terminal: no line, no movements, whole lines', () => {
  const { screen, stdout } = opened(stream(false));
  screen.show('live');
  stdout.write('··');
  screen.print('plain\n');
  stdout.write(`${esc}[1A${esc}[2K·`);
  screen.hide();
  expect(stdout.bytes).toBe(`··\nplain\n${esc}[1A${esc}[2K·`);
});

test('closed, it leaves the streams as they were, but for who came after it', () => {
  const stdout = stream();
  const { write } = stdout;
  const { screen } = opened(stdout);
  expect(stdout.write).not.toBe(write);
  screen.show('live');
  screen.close();
  expect(stdout.write).toBe(write);
  expect(stdout.bytes.endsWith(`\r${esc}[J`)).toBe(true);

  const second = opened(stdout).screen;
  const watched = stdout.write;
  const later = (chunk: string | Uint8Array): boolean => watched(chunk);
  stdout.write = later;
  second.close();
  expect(stdout.write).toBe(later);
  stdout.bytes = '';
  stdout.write(`${esc}[1Ax`);
  expect(stdout.bytes).toBe(`${esc}[1Ax`);
});

for (const [forced, isTTY, size] of [
  [undefined, true, { columns: 80, rows: 24 }],
  [undefined, undefined, undefined],
  ['', true, { columns: 80, rows: 24 }],
  ['0', true, undefined],
  ['false', true, undefined],
  ['1', undefined, { columns: 80, rows: 24 }],
  ['true', undefined, { columns: 80, rows: 24 }],
  ['120', undefined, { columns: 120, rows: 40 }],
  ['120x50', undefined, { columns: 120, rows: 50 }],
  ['wide', undefined, { columns: 100, rows: 40 }],
] as const) {
  test(`PLAYWRIGHT_FORCE_TTY=${forced}, ${isTTY === true ? 'a' : 'no'} terminal`, () => {
    const stdout = defined({ isTTY: isTTY === true ? isTTY : undefined, columns: 80, rows: 24 });
    expect(terminalSize(stdout, { PLAYWRIGHT_FORCE_TTY: forced })).toEqual(size);
  });
}
