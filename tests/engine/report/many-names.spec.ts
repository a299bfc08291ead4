/**
 * A load whose requests all have different names: every report is limited, shows the worst, and counts
 * the rest.
 */
import { expect, test } from '@playwright/test';
import { judge } from '../../../load/budgets/judge.ts';
import { loadEntry, resultsOf } from '../../../load/report/files/results-json.ts';
import { summaryMarkdown } from '../../../load/report/files/summary.ts';
import { consoleLines } from '../../../load/report/text/console-load.ts';
import { namedTexts, textsOf } from '../../../load/report/text/load-texts.ts';
import { runTable } from '../../../load/report/text/run-table.ts';
import { fault } from '../../faults/fault-matrix.ts';
import { budget } from '../budgets/make-result.ts';
import { users } from '../../../load/workload/users.ts';
import { runVirtually } from '../virtual-load.ts';

const shown = { annotation: fault(48) };

/** 12 000 requests in two minutes, of which the name says which; the 300th takes 4 s and the 301st fails. */
function manyNames() {
  return (load ??= loadOfManyNames());
}

/** One for all tests of this file. */
let load: ReturnType<typeof loadOfManyNames> | undefined;

async function loadOfManyNames() {
  let number = 0;
  const { result } = await runVirtually({
    workload: users({ count: 10, spawnRate: 10, duration: '2m' }),
    system: ({ atMs }, clock) => clock.until(atMs + 100),
    budgets: [budget('errorRate', '< 0.001 %')],
    user: (clock) => ({
      tasks: {
        order: {
          deadline: '30s',
          run: async ({ measure }) => {
            number += 1;
            const own = number;
            const name = `/orders/${own}?note=${'"<|`'.repeat(40)}`;
            await measure(name, async () => {
              await clock.until(clock.now() + (own === 300 ? 4000 : 100));
              if (own === 301) throw new Error('no such order');
            });
          },
        },
      },
    }),
  });
  return { ...result, verdict: judge(result), logPath: undefined };
}

test(
  '12 000 names are told with the one that they would have, the worst are shown, the rest is counted',
  shown,
  async () => {
    const load = await manyNames();
    expect(load.scheduled).toBeGreaterThan(11_000);
    const texts = Object.fromEntries(namedTexts(textsOf(load, load.verdict)));
    const note = /\d{5} names of requests look like one: "\/orders\/\{id\}\?note=/;
    expect(texts['budgets']!.replaceAll(/\s+/g, ' ')).toMatch(note);
    const statistics = texts['statistics']!.split('\n');
    expect(statistics.filter((line) => line.startsWith('└ /orders/')).length).toBeLessThan(50);
    expect(texts['statistics']).toContain('└ /orders/300?');
    expect(texts['statistics']).toContain('└ /orders/301?');
    expect(texts['statistics']).toMatch(/^and 4\d\d more$/m);
    for (const [name, text] of Object.entries(texts)) {
      expect(text.length, name).toBeLessThan(50_000);
      expect(Math.max(...text.split('\n').map(({ length }) => length)), name).toBeLessThan(1000);
    }
    expect(consoleLines(load).length).toBeLessThan(40);
    const entry = loadEntry(load, load.verdict, '/run/shop-steady-9-users.ndjson');
    const summary = summaryMarkdown(resultsOf('run-1', [entry], []));
    expect(summary).toMatch(/1\d{4} names of requests look like one: "\/orders\/\{id\}\?note=/);
    expect(Buffer.byteLength(summary)).toBeLessThan(480 * 1024);
  },
);

test(
  'of 200 loads the summary has room for those that did not pass, and counts the others',
  shown,
  async () => {
    const load = await manyNames();
    expect(load.verdict.verdict).toBe('fail');
    const passed = { ...load.verdict, verdict: 'pass' as const };
    const [red, green] = [load.verdict, passed].map((one) =>
      loadEntry(load, one, '/run/one.ndjson'),
    );
    const loads = Array.from({ length: 200 }, (_, i) => {
      return { ...(i === 190 ? red! : green!), log: `shop-steady-${i}-users.ndjson` };
    });
    const summary = summaryMarkdown(resultsOf('run-1', loads, []));
    expect(Buffer.byteLength(summary)).toBeLessThan(512 * 1024);
    expect(summary).toContain('\n## shop-steady-190-users\n');
    const [overview = ''] = summary.split('\n## ');
    expect(overview.split('\n').filter((line) => line.startsWith('| shop-'))).toHaveLength(50);
    expect(overview).toContain('| shop-steady-190-users | fail |');
    expect(overview).toContain('\n\nand 150 more\n');
    const sections = summary.split('\n## ').length - 1;
    expect(summary).toContain(`\n${200 - sections} loads more: results.json has all of them.\n`);
    const lines = runTable(loads).map(({ text }) => text);
    expect(lines.at(-1)).toBe('and 150 more');
    expect(lines.join('\n')).toContain('shop-steady-190-users');
  },
);
