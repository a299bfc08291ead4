/** Names and words of others in every file of a run: they are text, and nothing else (fault matrix, 33). */
import { expect, test } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { rebuild } from '../../../../load/report/files/rebuild.ts';
import { budget, repeat } from '../../budgets/make-result.ts';
import { requests, writeLog } from '../make-log.ts';

const hostile = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '<!--<script>',
  'a | b',
  '`rm` ```',
  '=cmd("/c calc")',
  '+1+1',
  '-1',
  '@team',
  '\t=1+1',
  'x;=1+1',
  'two\nlines\r\n# and a title',
  '"quoted", and more',
  '$& $1 $`',
  '[click](javascript:alert(1))',
  '\u202egpj.exe',
  'http://example.org/ #1 GH-1',
] as const;

const shown = { annotation: { type: 'fault', description: '33' } };

for (const name of hostile) {
  test(`in every file of a run it is text alone: ${JSON.stringify(name)}`, shown, async () => {
    const folder = test.info().outputPath('run');
    mkdirSync(folder, { recursive: true });
    const failed = { kind: name, count: 2, firstMs: 10, lastMs: 20, sample: name };
    writeLog(join(folder, 'shop.ndjson'), {
      seconds: repeat(
        [
          requests([10, 20, 30], {
            task: name,
            request: name,
            others: { failed: 2 },
            errors: [failed],
          }),
        ],
        3,
      ),
      plan: { plan: { title: name, flags: [name] }, budgets: [budget('errorRate', '< 5 %')] },
      end: { notes: [name] },
    });
    await rebuild(folder);
    const files = readdirSync(folder).filter((file) => !/ndjson$|^\./.test(file));
    expect(files).toEqual(expect.arrayContaining(['index.html', 'summary.md', 'shop_stats.csv']));
    for (const file of files) {
      const text = readFileSync(join(folder, file), 'utf8');
      // What turns a line around is shown by its number.
      if (!file.endsWith('.json')) expect(text, file).not.toContain('\u202e');
      if (file.endsWith('.csv')) expectPlainCells(text);
      if (file.endsWith('.md')) {
        expect(text, file).not.toMatch(/<(script|!--)|@team|^# and|(?<!\\)\]\(javascript/m);
      }
      if (file.endsWith('.json')) JSON.parse(text);
      if (file === 'index.html') expectOneDataEach(text);
    }
  });
}

/** As a spreadsheet reads it, whatever it takes for the end of a column. */
function expectPlainCells(csv: string): void {
  for (const delimiter of [',', ';', '\t']) {
    const rows: string[][] = parse(csv, {
      delimiter,
      relax_column_count: true,
      relax_quotes: true,
    });
    for (const cell of rows.flat()) {
      expect(cell).not.toMatch(/^\s*[=@]|^\s*[+-](?!\d)|^\+/);
      expect(cell).not.toMatch(/[\r\n\t]/);
    }
  }
}

/** Data are JSON within a script, which none of their texts ends. */
function expectOneDataEach(page: string): void {
  const scripts = [
    ...page.matchAll(/<script type="application\/json" id="data-[^"]*">(.*?)<\/script>/gs),
  ];
  expect(scripts).toHaveLength(2);
  for (const [, json] of scripts) {
    expect(json).not.toContain('<');
    JSON.parse(json!);
  }
}
