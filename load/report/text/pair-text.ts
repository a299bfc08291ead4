/** A pair as text: a sentence, a line for each metric, and its faults. */
import { figureText, logChangeText, pointsText, shareText } from '../../metrics/figure-text.ts';
import type { JudgedPair } from '../../paired/pair-log.ts';
import { pairMetricTable, type PairMetric } from '../../paired/pair-metrics.ts';
import type { MetricVerdict, PairVerdict } from '../../paired/pair-verdict.ts';
import { counted } from '../../platform/words.ts';
import { figures, textTable, words, type Column } from './text-table.ts';

/** `head is 7.8 % slower at p50 (5.9–9.7 %), 24 rounds`. */
export function pairSentence({ verdict: pair }: Pick<JudgedPair, 'verdict'>): string {
  const { verdict, metrics, faults } = pair;
  const rounds = counted(pair.rounds, 'round');
  if (verdict === 'invalid') return `invalid: ${faults[0]!.split('\n', 1)[0]!}`;
  if (verdict === 'undecided') return `undecided after ${rounds}: ${pair.doubt ?? openText(pair)}`;
  if (verdict === 'no difference') {
    const within = metrics.map(({ metric, tolerance }) => `${tolerance.text} at ${nameOf(metric)}`);
    return `no difference larger than ${within.join(', ')}; ${rounds}`;
  }
  const finding = verdict === 'slower' ? 'worse' : 'better';
  const found = metrics.filter((one) => one.finding === finding).map(foundText);
  return `head ${found.join(', and ')}, ${rounds}`;
}

/** The undecided metrics, and how many rounds they would need. */
function openText({ metrics, mostRounds }: PairVerdict): string {
  const open = metrics.filter(({ finding }) => finding === 'undecided');
  return open
    .map((one) => {
      const { metric, tolerance, roundsNeeded } = one;
      const name = nameOf(metric);
      if (one.difference === undefined) return `${name} ${missingText(one)}`;
      const seen = `${name} ${changeOf(one)}`;
      if (roundsNeeded === undefined) return seen;
      if (roundsNeeded === Infinity) {
        return `${seen}, and no number of rounds can show that it is within ${tolerance.text}`;
      }
      const most = roundsNeeded > mostRounds ? `, more than the ${mostRounds} allowed` : '';
      return `${seen}: a decision would take ${counted(roundsNeeded, 'round')} in all${most}`;
    })
    .join('; ');
}

function missingText({ failedRounds }: MetricVerdict): string {
  if (failedRounds === 0) return 'has too little data';
  return `has no figure, since too many requests failed in ${counted(failedRounds, 'round')}`;
}

function foundText(one: MetricVerdict): string {
  const { metric, difference } = one;
  const name = nameOf(metric);
  const { better } = pairMetricTable[metric];
  const isUp = difference! > 0;
  if (metric === 'errorRate') {
    const size = pointsText(Math.abs(difference!)).replace('+', '');
    return `fails ${size} ${isUp ? 'more' : 'less'} often (${intervalOf(one)})`;
  }
  const isWorse = isUp === (better === 'lower');
  return `is ${sizeOf(difference!)} ${isWorse ? 'slower' : 'faster'} at ${name} (${intervalOf(one)})`;
}

/** `+7.8 % (5.9–9.7 %)`. */
export function changeOf(one: MetricVerdict): string {
  const { metric, difference } = one;
  if (difference === undefined) return '–';
  const isPoints = pairMetricTable[metric].kind === 'points';
  const change = isPoints ? pointsText(difference) : logChangeText(difference);
  return `${change} (${intervalOf(one, true)})`;
}

/** Both ends with one unit: `5.9–9.7 %`, `−0.4 to 9.7 %`; without signs if the text says the direction. */
function intervalOf({ metric, difference, interval }: MetricVerdict, isSigned = false): string {
  const isPoints = pairMetricTable[metric].kind === 'points';
  const unit = isPoints ? 'points' : '%';
  const sign = !isSigned && difference! < 0 ? -1 : 1;
  const shares = interval!.map((value) => sign * 100 * (isPoints ? value : Math.expm1(value)));
  const [low, high] = shares.sort((a, b) => a - b).map(percentText) as [string, string];
  return `${low}${low.startsWith('−') ? ' to ' : '–'}${high} ${unit}`;
}

function percentText(percent: number): string {
  const size = Math.abs(percent);
  const text = size >= 100 ? String(Math.round(size)) : String(Number(size.toPrecision(2)));
  return `${percent < 0 && text !== '0' ? '−' : ''}${text}`;
}

function sizeOf(logDifference: number): string {
  return `${percentText(Math.abs(Math.expm1(logDifference)) * 100)} %`;
}

export function nameOf(metric: PairMetric): string {
  return metric === 'errorRate' ? 'error rate' : metric;
}

/** The columns of the table of metrics. */
export const pairColumns: readonly Column[] = [
  ...words('metric'),
  ...figures('base', 'head', 'head against base (95 %)', 'tolerance', 'a round varies by'),
  ...words('found'),
];

export function pairRows({ verdict: { metrics } }: Pick<JudgedPair, 'verdict'>): string[][] {
  return metrics.map((one) => {
    const { metric, tolerance, deviation, roundsNeeded } = one;
    const { dimension } = pairMetricTable[metric];
    const [base, head] = one.figures.map((value) => figureText(value, dimension));
    const isOpen = roundsNeeded !== undefined && Number.isFinite(roundsNeeded);
    const needed = isOpen ? ` (${counted(roundsNeeded, 'round')} needed)` : '';
    const spread = deviation === undefined ? '–' : `±${shareText(deviation)}`;
    return [
      nameOf(metric),
      base!,
      head!,
      changeOf(one),
      tolerance.text,
      spread,
      one.finding + needed,
    ];
  });
}

/** Less lateness does not noticeably affect a verdict. */
const toldLateShare = 0.05;

/** Notes on the reasons for the verdict, besides the table. */
export function pairNotes(pair: JudgedPair): string[] {
  const { plan, verdict, end } = pair;
  const { sides, mostRounds } = plan;
  return [
    // The sentence has the first line of the first fault.
    ...verdict.faults
      .map((fault, i) => (i === 0 ? fault.split('\n').slice(1).join('\n') : fault))
      .filter((fault) => fault !== ''),
    ...(pair.logFailure === undefined
      ? []
      : [`the log was not written, so the reports may have another verdict: ${pair.logFailure}`]),
    `base: ${sides.base}`,
    `head: ${sides.head}`,
    `each side is sent ${plan.workload}; ${sides.areAtOnce ? 'both at once' : 'in turns'}`,
    ...verdict.metrics
      .filter(({ failedRounds, finding }) => failedRounds > 0 && finding === 'undecided')
      .map(
        ({ metric, failedRounds }) =>
          `${nameOf(metric)}: in ${counted(failedRounds, 'round')} so many requests failed that a side has no ` +
          'such figure; so it is not called alike',
      ),
    `${counted(verdict.rounds, 'round')} of at most ${mostRounds}, and ${counted(verdict.controls, 'control')}`,
    ...(verdict.lateShare < toldLateShare
      ? []
      : [
          `this machine was late by ${shareText(verdict.lateShare)} of the median times, on both sides. That hides the same share of a ` +
            'difference, so the tolerance for "no difference" was smaller by this share',
        ]),
    ...(sides.areRestarted
      ? []
      : [
          'nothing restarts these sides, and two processes of one build differ by about 2 %: a ' +
            'difference below 5 % is not called slower or faster, for "no difference" the interval must end ' +
            '5 % before the tolerance (with 10 %, within about 5 %), and there are no controls',
        ]),
    ...(end?.cause === 'interrupted'
      ? ['the run was interrupted: this is the verdict so far']
      : []),
    ...(end === undefined ? ['the log breaks off: this is the verdict so far'] : []),
  ];
}

/** Everything as plain text: the sentence, the table, the notes. */
export function pairText(pair: JudgedPair): string {
  const table = textTable(pairColumns, pairRows(pair), 160);
  return [pairSentence(pair), '', ...table, '', ...pairNotes(pair)].join('\n');
}
