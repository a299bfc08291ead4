/**
 * How often a late machine leads to a wrong verdict, and how often to none: twin runs in virtual time.
 * Each load runs with a perfect generator and with disturbed ones, with the same seed. A row is *clear*
 * if six undisturbed seeds agree on it by more than they differ among themselves, and its twin is at
 * least 10 % off the limit (throughput 3 %). Prints the table of docs/measurement.md. Exit code 1 if a
 * clear row was judged wrongly. `npm run power:twins -- 2` takes 2 seeds per case instead of 3; further
 * arguments select systems.
 */
import { judgeBudget } from '../load/budgets/judge.ts';
import { instrumentOf, type Instrument } from '../load/budgets/standing/instrument.ts';
import type { Result } from '../load/metrics/result/result.ts';
import { disturbances } from './twins/generators.ts';
import { systems } from './twins/systems.ts';
import { budgetAt, metrics, models, offLimits, twinRun, type Case } from './twins/twin-run.ts';

const [seedsText = '3', ...picked] = process.argv.slice(2);
const seeds = Number(seedsText);
const undisturbedSeeds = 6;
// Each disturbed run is compared with the undisturbed one of its seed.
if (!(Number.isInteger(seeds) && seeds >= 1 && seeds <= undisturbedSeeds)) {
  throw new Error(`seeds: ${seedsText}; a whole number from 1 to ${undisturbedSeeds} is accepted`);
}
/**
 * A placebo: undisturbed runs with seeds that were not used to decide what is clear. Their "wrong" rows
 * are chance, since a disturbed run also draws its times in another order.
 */
const otherSeeds = 'none, other seeds';
const utilisations = [0.3, 0.6, 0.8, 0.9] as const;
const clearBy = (key: string): number => (key === 'throughput' ? 0.03 : 0.1);

interface Tally {
  runs: number;
  clear: number;
  falseRed: number;
  falseGreen: number;
  withheld: number;
}

const tallies = new Map<string, Tally>();
const wrong: string[] = [];

function observed(instrument: Instrument, key: string, op: '<' | '>'): number {
  const probe = budgetAt(key, op, key === 'errorRate' ? 0.5 : 9999)!;
  return judgeBudget(instrument.result, probe, instrument).value ?? 0;
}

function tallyOf(name: string): Tally {
  let tally = tallies.get(name);
  if (tally === undefined) {
    tallies.set(name, (tally = { runs: 0, clear: 0, falseRed: 0, falseGreen: 0, withheld: 0 }));
  }
  return tally;
}

interface Judged {
  readonly name: string;
  readonly one: Case;
  readonly seed: number;
  readonly disturbed: Instrument;
}

/** The rows of one metric around the figures of the undisturbed runs. */
function judgeRows(
  { name, one, seed, disturbed }: Judged,
  undisturbed: readonly Instrument[],
  { key, op }: (typeof metrics)[number],
): void {
  const tally = tallyOf(name);
  const truths = undisturbed.map((instrument) => observed(instrument, key, op));
  const twin = truths[seed - 1]!;
  const middle = [...truths].sort((a, b) => a - b)[Math.floor(truths.length / 2)]!;
  for (const off of offLimits) {
    const budget = budgetAt(key, op, key === 'errorRate' && middle === 0 ? off / 50 : middle * off);
    if (budget === undefined) continue;
    const { limit } = budget;
    const isMet = (value: number): boolean => (op === '<' ? value < limit : value > limit);
    const margin = Math.min(...truths.map((value) => Math.abs(value - limit)));
    const isClear =
      truths.every((value) => isMet(value) === isMet(twin)) &&
      Math.abs(twin - limit) >= clearBy(key) * limit &&
      // Another seed may lie beyond those six by about as much as they differ.
      margin >= Math.max(...truths) - Math.min(...truths);
    if (!isClear) continue;
    const { status, value, range } = judgeBudget(disturbed.result, budget, disturbed);
    tally.clear += 1;
    if (status === 'undecided') tally.withheld += 1;
    else if (status === 'pass' && !isMet(twin)) tally.falseGreen += 1;
    else if (status === 'fail' && isMet(twin)) tally.falseRed += 1;
    else continue;
    // Wrong rows of the placebo are chance.
    if (status === 'undecided' || name === otherSeeds) continue;
    wrong.push(
      `${status}: ${one.system} ${one.model} ${one.utilisation} seed ${seed}, ${name}: ${key} ` +
        `${op} ${limit}: true ${twin}, seen ${value}, range ${JSON.stringify(range)}`,
    );
  }
}

async function judgeCase(one: Case): Promise<void> {
  const undisturbed: Instrument[] = [];
  for (let seed = 1; seed <= undisturbedSeeds; seed++) {
    undisturbed.push(instrumentOf(await twinRun(one, disturbances.none, seed)));
  }
  const generators = Object.entries({ ...disturbances, [otherSeeds]: disturbances.none });
  for (const [name, disturbance] of generators) {
    for (let seed = 1; seed <= seeds; seed++) {
      const drawn = name === otherSeeds ? undisturbedSeeds + seed : seed;
      const result: Result = await twinRun(one, disturbance, drawn);
      tallyOf(name).runs += 1;
      const judged = { name, one, seed, disturbed: instrumentOf(result) };
      for (const metric of metrics) judgeRows(judged, undisturbed, metric);
    }
  }
}

const cases = (Object.keys(systems) as Case['system'][])
  .filter((system) => picked.length === 0 || picked.includes(system))
  .flatMap((system) =>
    models.flatMap((model) => utilisations.map((utilisation) => ({ system, model, utilisation }))),
  );
for (const [i, one] of cases.entries()) {
  await judgeCase(one);
  process.stderr.write(`${i + 1} of ${cases.length} cases\n`);
}

const share = (count: number, of: number): string =>
  `${((100 * count) / Math.max(1, of)).toFixed(1)} %`;
process.stdout.write(
  '| generator | runs | clear rows | called red wrongly | called green wrongly | no verdict |\n',
);
process.stdout.write('|---|---:|---:|---:|---:|---:|\n');
for (const [name, { runs, clear, falseRed, falseGreen, withheld }] of tallies) {
  const cells = [name, runs, clear, falseRed, falseGreen, share(withheld, clear)];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}
for (const line of wrong) process.stdout.write(`WRONG  ${line}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
