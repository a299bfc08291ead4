/** Names from outside, in every written format: they stay text and have no effect. */
import { expect, test } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { performanceSamples } from '../../../../load/report/allure/performance.ts';
import { rebuild } from '../../../../load/report/files/rebuild.ts';
import type { LoadPage } from '../../../../load/report/html/page-data.ts';
import { visible } from '../../../../load/report/text/text-table.ts';
import { fault } from '../../../faults/fault-matrix.ts';
import { budget } from '../../budgets/make-result.ts';
import { requests, writeLog } from '../make-log.ts';

const names = [
  '<script>alert(1)</script>',
  '</script><img src=x onerror=alert(1)>',
  'a|b',
  '=1+1',
  '+1',
  '-2+3',
  '@SUM(A1:A9)',
  '`code`',
  '\u202eedoc.exe',
  'two\nlines',
  'two\r\nlines',
  'a\ttab',
  '"quoted", and more',
  '__proto__',
  '$& ${x} {{x}} %s',
  '[link](http://127.0.0.1:1) *bold* #1 @team',
  '[click](javascript:alert(1))',
  '<!--<script>',
  '\t=1+1',
  'x;=1+1',
  'http://example.org/ #1 GH-1',
  '\u001b[31mred',
];

interface Written {
  readonly textOf: (ending: string) => string;
  readonly page: LoadPage;
}

/** A run whose tasks, requests, errors, labels, title and notes have the hostile name. */
async function written(name: string): Promise<Written> {
  const folder = test.info().outputPath('run');
  mkdirSync(folder, { recursive: true });
  const error = { kind: name, count: 2, firstMs: 10, lastMs: 20, sample: name };
  const own = { task: name, request: name, labels: { [`l${name}`]: name } };
  const failure = { why: ['failed' as const], detail: name, trace: name, kind: name };
  writeLog(join(folder, 'shop.ndjson'), {
    seconds: [
      [
        requests([10, 20, 30], { ...own, others: { failed: 2 }, errors: [error] }),
        requests([10], { task: name, request: 'other' }),
        requests([], { ...own, others: { failed: 1 }, errors: [{ ...error, kind: 'task' }] }),
      ],
    ],
    interval: {
      events: [{ atMs: 10, kind: name, text: name }],
      requests: [
        {
          ...failure,
          task: name,
          request: name,
          user: 1,
          scheduledMs: 1,
          startedMs: 2,
          endedMs: 9,
          outcome: 'failed',
        },
      ],
    },
    plan: {
      budgets: [budget('p95', '< 1 s', { task: name }), budget('errorRate', '< 1 %')],
      plan: { title: name, flags: [name] },
      stream: {
        describedAs: name,
        tasks: [{ name, weight: 1, deadlineMs: 1000, toleratesDegraded: false }],
      },
    },
    end: { detail: name, notes: [name] },
  });
  await rebuild(folder);
  const textOf = (ending: string): string =>
    readFileSync(join(folder, /^[_.]/.test(ending) ? `shop${ending}` : ending), 'utf8');
  const data = /id="data-load-0">(.*?)<\/script>/s.exec(textOf('index.html'))![1]!;
  return { textOf, page: JSON.parse(data) as LoadPage };
}

/** Characters that reverse a line, begin one or colour a terminal. */
const moving = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

function expectStill(text: string): void {
  expect(text.split(/\r?\n/).filter((line) => moving.test(line))).toEqual([]);
}

const formats: Readonly<Record<string, (made: Written, name: string) => void>> = {
  'the page': ({ textOf, page }, name) => {
    const [before = '', after = ''] = textOf('index.html').split(/<script type=.*<\/script>/s);
    for (const markup of [before, after.slice(0, 200)]) expect(markup).not.toContain(name);
    const data = /<script type="application\/json" id="data-load-0">(.*)<\/script>/.exec(
      textOf('index.html'),
    )![1]!;
    expect(data).not.toContain('<');
    // In the text of a page a line break is a blank.
    const shown = name.split('\n').map(visible).join('\n');
    expect(page.statistics.rows[0]!.cells[0]).toBe(shown);
    expect(page.title).toBe(shown);
  },
  'results.json': ({ textOf }, name) => {
    const { loads } = JSON.parse(textOf('results.json')) as {
      loads: { title: string; statistics: { rows: { name: string }[] } }[];
    };
    expect(loads[0]!.title).toBe(name);
    expect(loads[0]!.statistics.rows[0]!.name).toBe(name);
  },
  '.k6-summary.json': ({ textOf }, name) => {
    const { metrics } = JSON.parse(textOf('.k6-summary.json')) as { metrics: object };
    expect(Object.keys(metrics)).toContain(`http_req_duration{name:${name}}`);
  },
  'summary.md': ({ textOf }) => {
    const text = textOf('summary.md');
    expectStill(text);
    const prose = text.replaceAll(/^(`{3,}).*?^\1$/gms, '');
    expect(prose).not.toMatch(/<(script|img)|[^\\]\]\(http:|[^\\]\*bold|`code`/);
    expect(prose).not.toMatch(/(?<!&)#1\b|@team/);
    const rows = prose.split('\n').filter((line) => line.startsWith('|'));
    for (const [i, row] of rows.entries()) {
      const isRule = /^\|[ :|-]+\|$/.test(row);
      const [cells, head] = [row, rows[i - 1] ?? row].map((one) => one.split('|').length);
      if (isRule) expect(cells).toBe(head);
    }
    expect(rows.length).toBeGreaterThan(6);
  },
  '.hgrm': ({ textOf }) => {
    const lines = textOf('.hgrm').split('\n');
    const known = /^( *Value +Percentile .*| +[\d.]+ [\d.]+ +\d+( +[\d.]+)?|#\[.*\]|)$/;
    expect(lines.filter((line) => !known.test(line))).toEqual([]);
    expectStill(textOf('.hgrm'));
  },
  'Allure’s figures': ({ textOf }, name) => {
    const samples = JSON.stringify(performanceSamples(textOf('results.json')));
    expect(samples).not.toContain(JSON.stringify(name).slice(1, -1));
  },
  ...Object.fromEntries(
    ['_stats.csv', '_stats_history.csv', '_failures.csv', '_exceptions.csv'].map((ending) => [
      ending,
      ({ textOf }: Written, name: string) => {
        expectStill(textOf(ending));
        const rows: string[][] = parse(textOf(ending));
        const widths = new Set(rows.map(({ length }) => length));
        expect(widths.size).toBe(1);
        const texts = rows.flat().filter((cell) => Number.isNaN(Number(cell)));
        expect(texts.filter((cell) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
        if (ending !== '_stats_history.csv') {
          // Quotation marks keep text after a semicolon from being a formula.
          const read = texts.map((cell) => cell.replaceAll(/;'(?==)/g, ';'));
          expect(read.some((cell) => cell.includes(visible(name)))).toBe(true);
        }
      },
    ]),
  ),
};

const shown = { annotation: fault(33) };

for (const name of names) {
  test(`${JSON.stringify(name)} is a name, and no more, in every format`, shown, async () => {
    const made = await written(name);
    for (const [format, check] of Object.entries(formats)) {
      await test.step(format, () => {
        check(made, name);
      });
    }
  });
}
