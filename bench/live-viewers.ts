/**
 * Measures how much the live page costs the load: CPU of the load's process per 1000 requests with the page
 * open in three browsers, compared with none, in pairs whose order alternates. Each pair is a line of
 * docs/tries/live-viewers.jsonl. Pairs in the file are not run again, so it can be stopped at any time
 * and continued later. `npm run live-viewers` runs the missing ones of 20 pairs; `-- --pairs 40` more;
 * `--count` only counts those in the file.
 */
import { chromium } from '@playwright/test';
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { ownProgram } from '../load/platform/own-file.ts';
import { measureIn, withServer } from './child.ts';
import type { LoggedCost } from './logged-load.ts';
import { median } from './part.ts';

const path = 'docs/tries/live-viewers.jsonl';
const viewers = 3;
/** The lower bound of the median ratio must not be above this. */
const limit = 1.05;
const lineSchema = z.object({ with: z.number(), without: z.number() });

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '20' },
    count: { type: 'boolean', default: false },
  },
});

function linesSoFar(): z.infer<typeof lineSchema>[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => lineSchema.parse(JSON.parse(line)));
}

async function costOf(url: string, folder: string, isWatched: boolean): Promise<number> {
  const logPath = join(folder, 'load');
  const measure = async (): Promise<number> => {
    const { cpuMsPer1000 } = await measureIn<LoggedCost>('logged-load', [url, logPath]);
    return cpuMsPer1000;
  };
  if (!isWatched) return measure();
  const server = spawn(
    process.execPath,
    [...ownProgram('load/live/background-server.ts'), folder, '0'],
    {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    },
  );
  const address = await new Promise<string>((tell) => {
    server.once('message', (message) => {
      tell((message as { readonly url: string }).url);
    });
  });
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  const options = { executablePath, args: ['--no-sandbox', '--disable-gpu'] };
  const browsers = await Promise.all(
    Array.from({ length: viewers }, () => chromium.launch(options)),
  );
  for (const browser of browsers) await (await browser.newPage()).goto(address);
  const cost = await measure();
  // Makes sure that the pages really showed the load.
  for (const browser of browsers) {
    const [page] = browser.contexts().flatMap((context) => context.pages());
    await page!.getByRole('heading', { level: 1 }).waitFor();
    await browser.close();
  }
  server.disconnect();
  return cost;
}

async function onePair(number: number): Promise<void> {
  const folder = resolve('reports', `live-viewers-${process.pid}-${number}`);
  const [load] = loadavg();
  const costs = { with: NaN, without: NaN };
  const order = number % 2 === 0 ? (['with', 'without'] as const) : (['without', 'with'] as const);
  await withServer('local-server', async (url) => {
    for (const which of order) {
      mkdirSync(join(folder, which), { recursive: true });
      const cost = await costOf(url, join(folder, which), which === 'with');
      costs[which] = Number(cost.toPrecision(5));
    }
  });
  rmSync(folder, { recursive: true });
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;
  const line = { ...costs, first: order[0], machine, loadAverageBefore: load };
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(line)}\n`);
}

/** One-sided, 95 %, by the sign test. */
function lowerBound(ratios: readonly number[]): number {
  const sorted = [...ratios].sort((a, b) => a - b);
  const n = sorted.length;
  let chance = 0;
  let ways = 0.5 ** n;
  let below = 0;
  for (let k = 0; k < n; k++) {
    chance += ways;
    if (chance > 0.05) break;
    below = k + 1;
    ways = (ways * (n - k)) / (k + 1);
  }
  return below === 0 ? -Infinity : sorted[below - 1]!;
}

function tell(): void {
  const ratios = linesSoFar().map((line) => line.with / line.without);
  if (ratios.length === 0) return;
  const low = lowerBound(ratios);
  const word = ratios.length < 20 ? 'so far' : low <= limit ? 'kept' : 'BROKEN';
  process.stdout.write(
    `${ratios.length} pairs: CPU per 1000 requests with ${viewers} viewers is ${median(ratios).toFixed(3)} times ` +
      `that without (median); lower 95 % bound ${low.toFixed(3)}, at most ${limit}: ${word}\n`,
  );
  if (word === 'BROKEN') process.exitCode = 1;
}

if (!values.count) {
  for (let number = linesSoFar().length; number < Number(values.pairs); number++) {
    await onePair(number);
    tell();
  }
}
tell();
