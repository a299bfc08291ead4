/**
 * Compares a reference service with its own baseline many times in real time, and counts the results:
 * `npm run tries -- query-gateway 20 --disturbed`. Every try restarts service and load generator.
 * `--disturbed`: other processes use every core on and off meanwhile. `--slowdown chat:2`: the service is
 * slower than its baseline's. Prints a line per try, then a count of each verdict.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readComparisonFile } from '../load/baselines/comparison-file.ts';
import { redVerdicts, type MetricComparison } from '../load/baselines/comparison.ts';
import { defined } from '../load/platform/defined.ts';
import { startBurner } from './burner.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { disturbed: { type: 'boolean' }, slowdown: { type: 'string' } },
});
const [system = 'query-gateway', tries = '10'] = positionals;

interface Try {
  /** Verdict of the load itself: pass, fail, no-data or invalid. */
  readonly load: string;
  readonly comparisons: readonly MetricComparison[];
}

async function oneTry(number: number): Promise<Try> {
  const id = `tries-${process.pid}-${number}`;
  const slowdown = defined({ REFERENCE_SLOWDOWN: values.slowdown });
  const stopBurner = values.disturbed === true ? startBurner(number) : () => undefined;
  const runner = spawn('npx', ['playwright', 'test', '--project=baseline', system], {
    env: { ...process.env, ...slowdown, LOAD_RUN_ID: id, LOAD_QUIET: '1', CI: '1' },
    stdio: 'ignore',
  });
  await new Promise((resolve) => runner.once('exit', resolve));
  stopBurner();
  const folder = join('reports', id);
  const results = JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as {
    readonly loads: readonly { readonly verdict: string }[];
  };
  const compared = join(folder, 'comparison.json');
  return {
    load: results.loads.map(({ verdict }) => verdict).join(', '),
    comparisons: existsSync(compared) ? readComparisonFile(compared).comparisons : [],
  };
}

function summaryOf({ load, comparisons }: Try): { word: string; told: string } {
  const worst = (of: (verdict: MetricComparison['verdict']) => boolean): string =>
    comparisons
      .filter(({ verdict }) => of(verdict))
      .map(({ task, metric, verdict }) => `${task ?? 'all'} ${metric} ${verdict}`)
      .join(', ');
  const red = worst((verdict) => redVerdicts.has(verdict));
  if (red !== '') return { word: 'red', told: red };
  if (load !== 'pass') return { word: load, told: '' };
  const open = worst((verdict) => !['pass', 'improved', 'no-data'].includes(verdict));
  if (open !== '') return { word: 'inconclusive', told: open };
  return comparisons.length === 0 ? { word: 'not compared', told: '' } : { word: 'pass', told: '' };
}

const counts = new Map<string, number>();
for (let number = 1; number <= Number(tries); number++) {
  const found = await oneTry(number);
  const { word, told } = summaryOf(found);
  counts.set(word, (counts.get(word) ?? 0) + 1);
  const line = `${new Date().toISOString()} ${system} ${number}/${tries}: load ${found.load}; ${word}`;
  process.stdout.write(`${line}${told === '' ? '' : ` (${told})`}\n`);
}
const total = [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
process.stdout.write(`${system}${values.disturbed === true ? ', disturbed' : ''}: ${total}\n`);
