/**
 * A load as its page has it. Start reading here: `page-data.ts` says what the page is given, the files beside
 * make its parts, `write-page.ts` puts them into the page that `build-page.mjs` has built out of `page/`.
 */
import { stallsIn } from '../../budgets/observe/stall.ts';
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import type { IntervalDetail } from '../../metrics/result/details.ts';
import { formatMs } from '../../platform/duration.ts';
import { phasesOf } from '../charts/chart-data.ts';
import type { LoadEntry } from '../files/results-json.ts';
import { loadName } from '../text/run-totals.ts';
import { trustIn, type Trust } from '../text/trust.ts';
import { longestStalls } from '../text/verdict-table.ts';
import { distributionsOf } from './distributions.ts';
import type { LoadPage, Mark, Tone } from './page-data.ts';
import { budgetTable, loadTones, statisticsTable } from './tables.ts';
import { timeCharts } from './time-charts.ts';

const trustTones: Readonly<Record<Trust['level'], Tone>> = {
  stands: 'good',
  flagged: 'warn',
  undecided: 'invalid',
  broken: 'invalid',
};

const mostStalls = 200;

export interface PageSources {
  readonly load: JudgedLoad;
  readonly entry: LoadEntry;
  readonly details: readonly IntervalDetail[];
}

export function loadPage({ load, entry, details }: PageSources): LoadPage {
  const trust = trustIn(load.verdict);
  return {
    id: loadName(entry),
    title: entry.title,
    tone: entry.unjudged ? 'warn' : loadTones[entry.verdict],
    verdict: entry.unjudged ? 'not judged' : entry.verdict.replace('-', ' '),
    sentence: entry.headline,
    trust: { tone: trustTones[trust.level], text: trust.text },
    points: pointsOf(entry),
    endMs: load.timeline.at(-1)?.endMs ?? 0,
    phases: phasesOf(load).map(({ name, startMs, endMs, judged }) => {
      return { name, at: [startMs, endMs], isJudged: judged };
    }),
    marks: marksOf(load, entry),
    charts: timeCharts(load, details, undefined),
    distributions: distributionsOf(load),
    budgets: budgetTable(entry),
    statistics: statisticsTable(entry),
  };
}

function pointsOf(entry: LoadEntry): LoadPage['points'] {
  const texts = (faults: LoadEntry['flags']) => faults.map(({ text }) => text);
  const all = [
    { title: 'Likely cause', items: entry.causes ?? [] },
    { title: 'Invalid, no verdict on the target', items: texts(entry.invalid) },
    { title: 'Reasons', items: entry.reasons },
    { title: 'From minute to minute', items: entry.rises },
    { title: 'Of single budgets', items: entry.remarks ?? [] },
    { title: 'Flags', items: texts(entry.flags) },
    { title: 'Notes', items: entry.notes },
  ];
  return all.filter(({ items }) => items.length > 0);
}

function marksOf(load: JudgedLoad, { flags, invalid }: LoadEntry): Mark[] {
  const stalls = longestStalls(stallsIn(load), mostStalls).map(
    ({ startMs, endMs, inFlight }): Mark => {
      const text = `stall of ${formatMs(endMs - startMs)}, ${inFlight} in flight`;
      return { kind: 'stall', at: [startMs, endMs], text };
    },
  );
  const timed = [...invalid, ...flags].flatMap(({ atMs, text }): Mark[] =>
    atMs === undefined ? [] : [{ kind: 'flag', at: [atMs, atMs], text }],
  );
  return [...stalls, ...timed].sort((a, b) => a.at[0] - b.at[0]);
}
