/** The data of a pair's page: a sentence, a chart of both sides, and the difference round by round. */
import type { JudgedPair } from '../../paired/pair-log.ts';
import { pairMetricTable } from '../../paired/pair-metrics.ts';
import type { MetricVerdict, PairVerdictName } from '../../paired/pair-verdict.ts';
import { pairCourse, pairSides } from '../charts/pair-course.ts';
import { nameOf, pairColumns, pairNotes, pairRows, pairSentence } from '../text/pair-text.ts';
import type { PairPage, RoundChart, Tone } from './page-data.ts';

const verdictTones: Readonly<Record<PairVerdictName, Tone>> = {
  slower: 'bad',
  faster: 'good',
  'no difference': 'good',
  undecided: 'warn',
  invalid: 'invalid',
};

const findingTones: Readonly<Record<MetricVerdict['finding'], Tone>> = {
  worse: 'bad',
  better: 'good',
  same: 'good',
  undecided: 'warn',
};

export function pairPage(pair: JudgedPair): PairPage {
  const { plan, verdict } = pair;
  return {
    test: plan.testId,
    title: plan.title,
    tone: verdictTones[verdict.verdict],
    verdict: verdict.verdict,
    sentence: pairSentence(pair),
    table: {
      columns: pairColumns.map(({ title, align }) => ({ title, isFigure: align === 'right' })),
      rows: pairRows(pair).map((cells, i) => ({
        cells,
        tone: findingTones[verdict.metrics[i]!.finding],
      })),
    },
    charts: [
      sidesChart(pair),
      ...verdict.metrics.map(({ metric }) => differenceChart(pair, metric)),
    ].filter(({ rounds }) => rounds.length > 0),
    notes: pairNotes(pair),
  };
}

function sidesChart(pair: JudgedPair): RoundChart {
  const [p50, p95] = [pairSides(pair, 'p50'), pairSides(pair, 'p95')];
  return {
    title: 'Both sides: response time, round by round',
    unit: 'ms',
    rounds: p50.rounds,
    lines: [
      { name: 'base p50', colour: 'blue', at: p50.rounds, values: p50.base },
      { name: 'head p50', colour: 'vermilion', at: p50.rounds, values: p50.head },
      { name: 'base p95', colour: 'blue', isDashed: true, at: p95.rounds, values: p95.base },
      { name: 'head p95', colour: 'vermilion', isDashed: true, at: p95.rounds, values: p95.head },
    ],
    points: [],
    limits: [],
    note: 'Of the rounds that compare; a control has two processes of one build.',
  };
}

function differenceChart(pair: JudgedPair, metric: MetricVerdict['metric']): RoundChart {
  const course = pairCourse(pair, metric);
  const { unit, rounds, means, low, high, differences, controls, tolerated, shown } = course;
  return {
    title: `Head against base: ${nameOf(metric)}`,
    unit,
    rounds: [...rounds, ...controls.map(({ round }) => round)].sort((a, b) => a - b),
    lines: [{ name: 'mean so far', colour: 'vermilion', at: rounds, values: means }],
    band: { name: '95 % interval', colour: 'sky', at: rounds, low, high },
    points: [
      { name: 'a round', colour: 'faint', at: rounds, values: differences },
      {
        name: 'a control',
        colour: 'orange',
        at: controls.map(({ round }) => round),
        values: controls.map(({ difference }) => difference),
      },
    ].filter(({ at }) => at.length > 0) as RoundChart['points'],
    limits: [
      { at: 0, label: 'alike' },
      { at: tolerated, label: 'tolerance' },
    ],
    shown,
    note: `Above 0 head is worse${pairMetricTable[metric].better === 'higher' ? ', which is less here' : ''}.`,
  };
}
