/**
 * The data of a load's page. Start reading here: `page-data.ts` defines the data, the files in this
 * folder make its parts, and `write-page.ts` puts them into the page that `build-page.mjs` has built from
 * `page/`.
 */
import type { MetricComparison } from '../../baselines/comparison.ts';
import { stallsIn } from '../../budgets/observe/stall.ts';
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import { stageText } from '../../metrics/log/stage.ts';
import type { DetailFold } from '../../metrics/result/details.ts';
import { defined } from '../../platform/defined.ts';
import { formatMs } from '../../platform/duration.ts';
import { phasesOf } from '../charts/chart-data.ts';
import type { LoadEntry } from '../files/results-json.ts';
import type { ReportSection } from '../text/report-section.ts';
import { loadName } from '../text/run-totals.ts';
import { trustIn, type Trust } from '../text/trust.ts';
import { longestStalls } from '../text/verdict-table.ts';
import { distributionsOf } from './distributions.ts';
import { comparisonOf, errorTable, metricTable, outcomeTable, secondAt } from './outcome-tables.ts';
import type { Item, LoadPage, Mark, Tone } from './page-data.ts';
import { planOf, repeatCommand } from './plan-facts.ts';
import { stillReadings } from './reading-charts.ts';
import { packedRequests, slowestTable } from './requests.ts';
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
  readonly details: Pick<DetailFold, 'intervals' | 'requests'>;
  /** The comparisons of the load's test with its baseline; absent if there were none. */
  readonly comparisons?: readonly MetricComparison[];
  readonly sections?: readonly ReportSection[];
  /** Other files about this load, beside the page. */
  readonly files?: LoadPage['files'];
}

export function loadPage(sources: PageSources): LoadPage {
  const { load, details, comparisons = [] } = sources;
  const baseline = comparisons.find(isOfP95);
  return { ...pageParts(sources), charts: timeCharts(load, details.intervals, { baseline }) };
}

/** Everything except the charts. Only these grow with the length of the load. */
export function pageParts(sources: PageSources): Omit<LoadPage, 'charts'> {
  const { load, entry, details, comparisons = [], sections = [], files = [] } = sources;
  const trust = trustIn(load.verdict);
  return defined({
    id: loadName(entry),
    test: entry.testId,
    title: entry.title,
    tone: entry.unjudged ? 'warn' : loadTones[entry.verdict],
    verdict: entry.unjudged ? 'not judged' : entry.verdict.replace('-', ' '),
    sentence: entry.headline,
    trust: { tone: trustTones[trust.level], text: trust.text },
    points: pointsOf(entry),
    endMs: load.timeline.at(-1)?.endMs ?? 0,
    phases: phasesOf(load).map(({ name, startMs, endMs, judged }) => {
      return { name, at: [startMs, endMs] as const, isJudged: judged };
    }),
    marks: marksOf(load, entry),
    still: stillReadings(load),
    distributions: distributionsOf(load),
    budgets: budgetTable(entry),
    statistics: statisticsTable(entry),
    outcomes: outcomeTable(entry),
    errors: errorTable(entry),
    slowest: slowestTable(details.requests),
    metrics: metricTable(entry),
    comparison: comparisonOf(comparisons),
    requests: packedRequests(details.requests),
    sections: sections
      .map(({ title, text }) => ({ title, text: text(load) }))
      .filter(({ text }) => text !== ''),
    plan: planOf(load.plan, entry),
    repeat: repeatCommand(load.plan),
    files,
  });
}

function isOfP95({ task, metric }: MetricComparison): boolean {
  return task === undefined && metric === 'p95';
}

function pointsOf(entry: LoadEntry): LoadPage['points'] {
  const plain = (texts: readonly string[] = []): Item[] => texts.map((text) => ({ text }));
  const faults = (all: LoadEntry['flags']): Item[] =>
    all.map(({ text, atMs }) => (atMs === undefined ? { text } : { text, at: secondAt(atMs) }));
  const all = [
    { title: 'Likely cause', items: plain(entry.causes) },
    { title: 'Invalid, no verdict on the target', items: faults(entry.invalid) },
    { title: "This machine's lateness", items: plain(entry.lateness) },
    { title: 'Reasons', items: plain(entry.reasons) },
    { title: 'From minute to minute', items: plain(entry.rises) },
    { title: 'Remarks on single budgets', items: plain(entry.remarks) },
    { title: 'Flags', items: faults(entry.flags) },
    { title: 'Notes', items: plain([...entry.notes, entry.speedUp].filter((text) => text !== '')) },
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
  const told = load.events.filter(({ kind }) => kind !== 'slow').slice(0, mostStalls);
  const events = told.map(({ atMs, kind, text }): Mark => {
    return { kind: 'event', at: [atMs, atMs], text: `${kind}: ${text}` };
  });
  const stages = load.stages.map((stage): Mark => {
    return { kind: 'stage', at: [stage.atMs, stage.atMs], text: stageText(stage) };
  });
  return [...stalls, ...timed, ...events, ...stages].sort((a, b) => a.at[0] - b.at[0]);
}
