/**
 * Many real pairs of the query gateway's reference service: one build on both sides, and heads whose
 * whole answers take longer. Each try is a line of docs/tries/pairs.jsonl. Tries in the file are not run
 * again, so it can be stopped at any time and continued later. `npm run pair-tries` runs all missing
 * ones; `-- --only ten --times 5` those of one kind, up to that number; `--hog` with other processes that
 * use every core on and off meanwhile; `--beside "two builds"` notes that you run such work yourself;
 * `--count` only counts those in the file.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { cpus, hostname, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readPair } from '../load/paired/pair-log.ts';
import { startBurner } from './burner.ts';

interface Kind {
  readonly name: string;
  /** The head's whole answers take this many times as long as the base's. */
  readonly stretch: number;
  readonly tolerance: string;
  readonly times: number;
}

const kinds: readonly Kind[] = [
  { name: 'same', stretch: 1, tolerance: '10 %', times: 60 },
  { name: 'ten', stretch: 1.1, tolerance: '10 %', times: 20 },
  { name: 'fifty', stretch: 1.5, tolerance: '10 %', times: 10 },
  { name: 'five', stretch: 1.05, tolerance: '5 %', times: 10 },
];

const path = 'docs/tries/pairs.jsonl';
const lineSchema = z.object({
  kind: z.string(),
  hog: z.boolean(),
  verdict: z.string(),
  rounds: z.number(),
});

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    times: { type: 'string' },
    hog: { type: 'boolean', default: false },
    beside: { type: 'string' },
    count: { type: 'boolean', default: false },
  },
});

const isDisturbed = values.hog || values.beside !== undefined;

function linesSoFar(): z.infer<typeof lineSchema>[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => lineSchema.parse(JSON.parse(line)));
}

async function oneTry({ name, stretch, tolerance }: Kind, number: number): Promise<void> {
  const folder = join('reports', `pair-try-${name}-${process.pid}-${number}`);
  const slowdown = stretch === 1 ? {} : { REFERENCE_SLOWDOWN_B: `answer:${stretch}` };
  const stopBurner = values.hog ? startBurner(number) : () => undefined;
  const before = loadavg()[0]!;
  const startedAt = new Date().toISOString();
  const words = [
    'playwright',
    'test',
    '--config=tests/tries/playwright.config.ts',
    '--project=pair',
  ];
  const child = spawn('npx', words, {
    env: { ...process.env, ...slowdown, LOAD_RUN_DIR: folder, TRY_TOLERANCE: tolerance },
    stdio: 'ignore',
  });
  await new Promise((resolve) => child.once('exit', resolve));
  stopBurner();
  const { verdict, plan, end } = readPair(join(folder, 'query-gateway-pair-4-users.pair.jsonl'));
  const metrics = verdict.metrics.map(({ metric, finding, difference, interval, deviation }) => {
    const rounded = (value: number | undefined) => value && Number(value.toPrecision(4));
    return {
      metric,
      finding,
      difference: rounded(difference),
      interval: interval?.map(rounded),
      deviation: rounded(deviation),
    };
  });
  const line = {
    kind: name,
    hog: isDisturbed,
    beside: values.beside,
    startedAt,
    minutes: Number(((end?.atMs ?? 0) / 60_000).toFixed(2)),
    verdict: verdict.verdict,
    rounds: verdict.rounds,
    controls: verdict.controls,
    metrics,
    faults: verdict.faults,
    seed: plan.seed,
    machine: { host: hostname(), cpu: cpus()[0]?.model, cores: cpus().length },
    loadAverageBefore: Number(before.toFixed(2)),
  };
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(line)}\n`);
}

function tell({ name }: Kind, hog: boolean): void {
  const made = linesSoFar().filter((line) => line.kind === name && line.hog === hog);
  if (made.length === 0) return;
  const counts = new Map<string, number>();
  for (const { verdict, rounds } of made) {
    const key = verdict === 'slower' ? `slower after ${rounds} rounds` : verdict;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const told = [...counts].map(([key, count]) => `${count} ${key}`).join(', ');
  process.stdout.write(`${name}${hog ? ', with a hog' : ''}: ${made.length} tries: ${told}\n`);
}

const chosen = kinds.filter(({ name }) => values.only === undefined || values.only === name);
if (chosen.length === 0) {
  throw new Error(`--only ${values.only}: known are ${kinds.map(({ name }) => name).join(', ')}`);
}
if (!values.count) {
  for (const kind of chosen) {
    const wanted = values.times === undefined ? kind.times : Number(values.times);
    const isMade = (line: z.infer<typeof lineSchema>): boolean =>
      line.kind === kind.name && line.hog === isDisturbed;
    // Read anew each time, since several of these commands may run side by side.
    for (let made = 0; (made = linesSoFar().filter(isMade).length) < wanted;) {
      await oneTry(kind, made + 1);
      tell(kind, isDisturbed);
    }
  }
}
for (const hog of [false, true]) for (const kind of kinds) tell(kind, hog);
