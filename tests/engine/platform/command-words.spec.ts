import { expect, test } from '@playwright/test';
import { execFileSync } from 'node:child_process';
import { commandWords } from '../../../load/platform/command-words.ts';

const table: readonly (readonly [string, readonly string[]])[] = [
  ['', []],
  [' \t\n ', []],
  ['node', ['node']],
  [' npx  -y\tserver /data ', ['npx', '-y', 'server', '/data']],
  ['node "my server.js"', ['node', 'my server.js']],
  ["node 'my server.js' last", ['node', 'my server.js', 'last']],
  ['node my\\ server.js', ['node', 'my server.js']],
  ['--name="two words"', ['--name=two words']],
  [`a'b'"c"d`, ['abcd']],
  [`'' ""`, ['', '']],
  [`"it's" 'a "word"'`, ["it's", 'a "word"']],
  [`"a \\"b\\" \\\\ \\c"`, ['a "b" \\ \\c']],
  [`'a\\'`, ['a\\']],
  [`'\\"'`, ['\\"']],
  ['\\"a', ['"a']],
  ['"\\$HOME \\`x"', ['$HOME `x']],
  ['grün "日本 🎉"', ['grün', '日本 🎉']],
];

for (const [text, words] of table) {
  test(`${JSON.stringify(text)} is ${words.length} words`, () => {
    expect(commandWords(text)).toEqual(words);
  });
}

test('the words are those of a shell', () => {
  for (const [text] of table.filter(([one]) => !one.includes('\n'))) {
    const told = execFileSync('sh', ['-c', `printf '<%s>' ${text}`], { encoding: 'utf8' });
    // Without a word, printf prints its format once.
    const words = commandWords(text).length === 0 ? [''] : commandWords(text);
    expect(words.map((word) => `<${word}>`).join(''), text).toBe(told);
  }
});

for (const [text, message] of [
  ['node "my server.js', 'the quote " at character 6 is not closed'],
  ["it's", "the quote ' at character 3 is not closed"],
  ['"a\\"', 'the quote " at character 1 is not closed'],
  ['node \\', 'nothing follows the backslash at its end'],
] as const) {
  test(`${text} is refused`, () => {
    expect(() => commandWords(text)).toThrow(message);
  });
}

test('what a shell would expand stays as it is', () => {
  expect(commandWords('$HOME ~ *.js $(x) a;b|c')).toEqual(['$HOME', '~', '*.js', '$(x)', 'a;b|c']);
});
