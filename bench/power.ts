/**
 * The quality of the comparison, in virtual time: how often it gives a false alarm, and how often it
 * finds a real change. Prints the tables of the README. Exit code 1 if a bound is broken.
 * `npm run power -- 200` makes 200 comparisons per row instead of 1000.
 */
import {
  compareOften,
  falseAlarmCases,
  powerCases,
  type FalseAlarmCase,
  type PowerCase,
  type Shares,
} from './power-cases.ts';

const comparisons = Number(process.argv[2] ?? 1000);
if (!Number.isSafeInteger(comparisons) || comparisons < 1) {
  throw new Error(`comparisons: ${process.argv[2]} is no count; a whole number from 1 on is`);
}

const broken: string[] = [];

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function falseAlarmRow({ bounds = {}, ...conditions }: FalseAlarmCase): string {
  const { service, utilisation, errorRate } = conditions;
  const { shares } = compareOften(conditions, conditions, comparisons);
  for (const [kind, limit] of Object.entries(bounds) as [keyof Shares, number][]) {
    if (shares[kind] > limit) {
      const where = `${service.name} at ${utilisation}`;
      broken.push(`${where}: ${kind} ${percent(shares[kind])}, at most ${percent(limit)}`);
    }
  }
  const { critical, regression, inconclusive, improved } = shares;
  const cells = [critical, regression, inconclusive, improved].map(percent);
  const name =
    errorRate === undefined ? service.name : `${service.name}, ${errorRate * 100} % errors`;
  return `| ${[name, String(utilisation), ...cells].join(' | ')} |`;
}

function powerRow({ what, usual, now, found, bound }: PowerCase): string {
  const outcome = compareOften(usual, now, comparisons);
  const share = found(outcome);
  if (bound !== undefined && share < bound) {
    broken.push(
      `${usual.service.name}, ${what}: found ${percent(share)}, at least ${percent(bound)}`,
    );
  }
  const promised = bound === undefined ? '–' : percent(bound);
  const cells = [percent(share), promised, percent(outcome.shares.inconclusive)];
  return `| ${[usual.service.name, what, ...cells].join(' | ')} |`;
}

print(`Nothing changed (${comparisons} comparisons a row, seeds 1 to ${comparisons * 6}):\n`);
print('| service | utilisation | critical | regression | inconclusive | improved |');
print('|---|---|---|---|---|---|');
for (const one of falseAlarmCases) print(falseAlarmRow(one));
print(`\nSomething changed (${comparisons} comparisons a row):\n`);
print('| service | change | found | promised | inconclusive |');
print('|---|---|---|---|---|');
for (const one of powerCases) print(powerRow(one));
if (broken.length > 0) {
  print(`\nBounds broken:\n${broken.map((text) => `- ${text}`).join('\n')}`);
  process.exitCode = 1;
}
