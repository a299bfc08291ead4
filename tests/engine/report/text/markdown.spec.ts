import { expect, test } from '@playwright/test';
import {
  markdownList,
  markdownTable,
  markdownText,
} from '../../../../load/report/text/markdown.ts';
import { fault } from '../../../faults/fault-matrix.ts';

const escapes: readonly [string, string, string][] = [
  ['a tag', '<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
  ['an entity', '&lt;', '&amp;lt;'],
  ['a pipe', 'a|b', 'a&#124;b'],
  ['an escaped pipe', 'a\\|b', 'a\\\\&#124;b'],
  ['code', '`rm -rf`', '&#96;rm -rf&#96;'],
  ['a mention', 'ask @team or a@b.c', 'ask @&#8203;team or a@&#8203;b.c'],
  ['an issue', 'see #12', 'see #&#8203;12'],
  ['line breaks', 'a\n\n# b\r', 'a\\\\n\\\\n#&#8203; b\\\\r'],
  [
    'markup',
    '**a** __b__ ~~c~~ [d](e) $f$',
    '\\*\\*a\\*\\* \\_\\_b\\_\\_ \\~\\~c\\~\\~ \\[d\\](e) \\$f\\$',
  ],
  ['a terminal’s colour', '\u001b[31m', '\\\\u{1b}\\[31m'],
];

for (const [what, text, escaped] of escapes) {
  test(`${what} stays text`, () => {
    expect(markdownText(text)).toBe(escaped);
  });
}

test('every cell and item is escaped', { annotation: fault(33) }, () => {
  const columns = [{ title: 'name' }, { title: 'n', align: 'right' }] as const;
  expect(markdownTable(columns, [['a|b\nc', '1'], ['d']])).toBe(
    ['| name | n |', '| :-- | --: |', '| a&#124;b\\\\nc | 1 |', '| d |  |'].join('\n'),
  );
  expect(markdownList(['<b>', 'c\nd'])).toBe('- &lt;b&gt;\n- c\\\\nd');
  expect(markdownList([])).toBe('');
});
