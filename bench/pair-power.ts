/**
 * The quality of the paired comparison, in virtual time: how often one build is called slower than
 * itself, how often a slower one is found, and whether its intervals contain the truth. Prints the tables
 * of docs/pairs.md. Exit code 1 if a bound is broken. `npm run power:pairs -- 200` runs 200 pairs per row
 * instead of 2000.
 */
import {
  coverage,
  foundAmongPlain,
  measuredDeviations,
  sameBuild,
  slowerBuild,
  verdictsOf,
} from './pair-cases.ts';

const pairs = Number(process.argv[2] ?? 2000);
if (!Number.isSafeInteger(pairs) || pairs < 1) {
  throw new Error(`pairs: ${process.argv[2]} is no count; a whole number from 1 on is`);
}
const mostFalseAlarms = 0.01;
const [leastCoverage, mostCoverage] = [0.93, 0.97];
const coverageRounds = 16;

const broken: string[] = [];

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

print(`One build on both sides (${pairs} pairs a row), over all looks:\n`);
print(
  '| service and machine | slower | faster | no difference | undecided | rounds | coverage p50 | p95 |',
);
print('|---|---|---|---|---|---|---|---|');
for (const conditions of sameBuild) {
  const { shareOf, rounds } = verdictsOf(conditions, pairs);
  const covered = coverage(conditions, pairs, coverageRounds);
  const [slower, faster] = [shareOf('worse'), shareOf('better')];
  const shares = [slower, faster, shareOf('same'), shareOf('undecided')].map(percent);
  const inTheEnd = [rounds.toFixed(1), percent(covered.p50), percent(covered.p95)];
  print(`| ${[conditions.name, ...shares, ...inTheEnd].join(' | ')} |`);
  if (slower > mostFalseAlarms) broken.push(`${conditions.name}: slower ${percent(slower)}`);
  for (const [metric, share] of Object.entries(covered)) {
    if (share >= leastCoverage && share <= mostCoverage) continue;
    broken.push(`${conditions.name}: the interval of ${metric} covers ${percent(share)}`);
  }
}
print(`\nSide B is slower (${pairs} pairs a row):\n`);
print('| change | tolerance | found | within | promised |');
print('|---|---|---|---|---|');
for (const { tolerance, within, bound, ...conditions } of slowerBuild) {
  const found = verdictsOf(conditions, pairs, tolerance).shareOf('worse', within);
  const cells = [`${tolerance * 100} %`, percent(found), `${within} rounds`, percent(bound)];
  print(`| ${[conditions.name, ...cells].join(' | ')} |`);
  if (found < bound) broken.push(`${conditions.name}: found ${percent(found)}`);
}
print(`\nBy the deviation of a round (${2 * pairs} pairs a row):\n`);
print(
  '| standard deviation of a round | one build: slower | +10 % in 8 rounds | +5 % in 40 rounds |',
);
print('|---|---|---|---|');
for (const { bounds, ...row } of measuredDeviations) {
  const found = {
    same: foundAmongPlain(row, { change: 1, tolerance: 0.1, within: 40 }, 2 * pairs),
    ten: foundAmongPlain(row, { change: 1.1, tolerance: 0.1, within: 8 }, 2 * pairs),
    five: foundAmongPlain(row, { change: 1.05, tolerance: 0.05, within: 40 }, 2 * pairs),
  };
  const { same, ten, five } = found;
  print(
    `| ${row.name}, ${percent(row.deviation)} | ${[same, ten, five].map(percent).join(' | ')} |`,
  );
  if (same > bounds.same) broken.push(`${row.name}: slower ${percent(same)}`);
  if (ten < bounds.ten || five < bounds.five) broken.push(`${row.name}: found too seldom`);
}
if (broken.length > 0) {
  print(`\nBounds broken:\n${broken.map((text) => `- ${text}`).join('\n')}`);
  process.exitCode = 1;
}
