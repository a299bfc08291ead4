/**
 * Follows one load while its log is written: it is folded and judged with the same functions as the final
 * report. Each update contains the changes since the one before. The time and size of an update depend on
 * the number of tasks and hardly on the length of the load: only the ends of the charts are computed
 * again, and only the slowest requests are kept.
 */
import { judgeSoFar } from '../budgets/judge.ts';
import type { JudgedLoad } from '../budgets/judged-load.ts';
import { planOfSchema1 } from '../budgets/schema-1.ts';
import { LogTail } from '../metrics/log/reader.ts';
import type { RequestRecord } from '../metrics/log/request-record.ts';
import type { LogLine, Plan } from '../metrics/log/schema.ts';
import { DetailFold } from '../metrics/result/details.ts';
import { ResultFold } from '../metrics/result/result.ts';
import { binWidthMs } from '../report/charts/chart-data.ts';
import { loadEntry, type LoadEntry } from '../report/files/results-json.ts';
import { pageParts, type PageSources } from '../report/html/load-page.ts';
import type { LoadPage, TimeChart } from '../report/html/page-data.ts';
import { chartedKinds, timeCharts } from '../report/html/time-charts.ts';
import { LiveLoad } from '../report/playwright/live-load.ts';
import type { ReportSection } from '../report/text/report-section.ts';
import { nameOfLog } from '../settings/run-folder.ts';
import { exceptionTable, nowOf, ratioTable } from './live-tables.ts';
import { LogLines } from './log-lines.ts';
import { isReading, withTails, type LivePage, type RunPatch } from './page-state.ts';

/** Maximum number of points of a chart, for a load of any length. */
export const mostPoints = 300;
/** The length of the table of slowest requests. */
const mostSlowest = 50;
/** The plan's entry on how it ended. It has not. */
const endOfPlan = 'ended';
/** New charts and lines appear only when the whole page is drawn again, at most this often. */
const updatesBetweenDrawings = 10;

export interface FollowOptions {
  readonly sections?: readonly ReportSection[];
  /** Download links of files beside the log. */
  readonly filesOf?: (logName: string) => LoadPage['files'];
}

type LoadPatch = Pick<RunPatch, 'whole' | 'parts' | 'tails'>;

export class LoadFollower {
  readonly path: string;
  /** The load as far as it is read; undefined before its plan. */
  entry: LoadEntry | undefined;
  plan: Plan | undefined;
  page: LivePage | undefined;
  hasEnded = false;
  private readonly options: FollowOptions;
  private readonly tail: LogTail;
  private fold: ResultFold | undefined;
  private details = new DetailFold();
  private slowest: readonly RequestRecord[] = [];
  private readonly lines = new LogLines();
  private readonly status: LiveLoad;
  private isNews = false;
  /** How far the charts were drawn, and which. */
  private drawn = { toMs: 0, widthMs: 0, updates: 0, kinds: [] as readonly string[] };
  private told = new Map<string, string>();

  constructor(path: string, options: FollowOptions = {}) {
    this.path = path;
    this.options = options;
    this.tail = new LogTail(path, planOfSchema1);
    this.status = new LiveLoad(nameOfLog(path));
  }

  /** Why reading stopped; undefined if it did not. */
  get failure(): string | undefined {
    return this.tail.failure;
  }

  /** Reads on. Returns false if more data were written meanwhile. */
  read(): boolean {
    if (this.hasEnded) return true;
    const lines = this.tail.read();
    for (const line of lines) this.add(line);
    if (lines.at(-1)?.type === 'end') this.tail.close();
    // If nothing came, there is nothing to wait for.
    return this.tail.isAtEnd || lines.length === 0;
  }

  /** For logs that are not read from a file. */
  add(line: LogLine): void {
    this.isNews = true;
    this.lines.add(line);
    this.status.add(line);
    if (line.type === 'plan') {
      this.plan = line;
      this.fold = new ResultFold(line);
    } else if (line.type === 'interval') {
      this.fold?.addInterval(line);
      this.details.add(line);
      this.keepSlowest(line.requests ?? []);
    } else {
      this.fold?.addEnd(line);
      this.hasEnded = true;
    }
  }

  /** The changes since the last call; undefined if there are none. */
  update(): LoadPatch | undefined {
    if (!this.isNews || this.fold === undefined) return undefined;
    this.isNews = false;
    const result = this.fold.result();
    const load: JudgedLoad = { ...result, verdict: judgeSoFar(result), logPath: this.path };
    const { sections = [], filesOf } = this.options;
    const entry = loadEntry(load, load.verdict, this.path, undefined, sections);
    this.entry = entry;
    const details = { intervals: this.details.intervals, requests: [this.slowest] };
    const files = filesOf?.(entry.log) ?? [];
    const parts = this.partsOf(load, { load, entry, details, sections, files });
    const patch = this.drawing(load, parts);
    if (this.hasEnded) this.letGo();
    return patch;
  }

  close(): void {
    this.tail.close();
  }

  private partsOf(load: JudgedLoad, sources: PageSources): Omit<LivePage, 'charts'> {
    const parts = pageParts(sources);
    const isRunning = !this.hasEnded;
    return {
      ...parts,
      isRunning,
      verdict: isRunning ? `${parts.verdict} so far` : parts.verdict,
      plan: isRunning ? parts.plan.filter(([name]) => name !== endOfPlan) : parts.plan,
      now: isRunning ? nowOf(this.status) : [],
      // The sample of a few requests is for the final report. Here it would be sent each second.
      requests: { names: [], rows: [], note: 'The report has them when the load is over.' },
      ratio: ratioTable(load),
      exceptions: exceptionTable(load),
      log: this.lines.newestFirst(),
    };
  }

  /** The whole charts, or their ends. */
  private drawing(load: JudgedLoad, parts: Omit<LivePage, 'charts'>): LoadPatch {
    const { drawn, page } = this;
    const toMs = load.timeline.at(-1)?.endMs ?? 0;
    const widthMs = binWidthMs(toMs, mostPoints);
    drawn.updates += 1;
    if (page === undefined || widthMs !== drawn.widthMs || this.hasEnded)
      return this.drawWhole(load, parts);
    const tails = this.tailsOf(load, widthMs);
    const isNew = isNewIn(tails, page.charts) || hasMoved(page.still, parts.still);
    if (drawn.updates > updatesBetweenDrawings && isNew) return this.drawWhole(load, parts);
    this.page = { ...parts, charts: withTails(page.charts, tails) };
    drawn.toMs = toMs;
    return { parts: this.changedIn(parts), tails };
  }

  private drawWhole(load: JudgedLoad, parts: Omit<LivePage, 'charts'>): LoadPatch {
    const { intervals } = this.details;
    const toMs = load.timeline.at(-1)?.endMs ?? 0;
    const widthMs = binWidthMs(toMs, mostPoints);
    const kinds = chartedKinds(intervals);
    this.drawn = { toMs, widthMs, updates: 0, kinds };
    const charts = timeCharts(load, intervals, { most: mostPoints, widthMs, kinds });
    const whole = { ...parts, charts };
    this.page = whole;
    this.changedIn(parts);
    return { whole };
  }

  /** From the point before the last drawn one, since the last one may have grown. */
  private tailsOf(load: JudgedLoad, widthMs: number): TimeChart[] {
    const { timeline, readings } = load;
    const fromMs = (Math.floor(this.drawn.toMs / widthMs) - 1) * widthMs - 1;
    let from = timeline.length;
    while (from > 0 && timeline[from - 1]!.startMs >= fromMs) from -= 1;
    let reading = readings.length;
    while (reading > 0 && readings[reading - 1]!.fromMs >= fromMs) reading -= 1;
    const end = { timeline: timeline.slice(from), readings: readings.slice(reading) };
    const details = this.details.intervals.slice(from);
    const { kinds } = this.drawn;
    const drawn = new Set(this.page?.charts.filter(isReading).map(({ id }) => id));
    const charted = { most: mostPoints, widthMs, kinds, readings: drawn };
    return timeCharts({ ...load, ...end }, details, charted);
  }

  /** The parts whose text has changed since the last update. */
  private changedIn(parts: Omit<LivePage, 'charts'>): Partial<Omit<LivePage, 'charts'>> {
    const changed = Object.entries(parts).filter(([name, part]) => {
      const text = JSON.stringify(part);
      if (this.told.get(name) === text) return false;
      this.told.set(name, text);
      return true;
    });
    return Object.fromEntries(changed);
  }

  private keepSlowest(requests: readonly RequestRecord[]): void {
    // Details of single requests are shortened, since they are kept for hours.
    this.details.requests.length = 0;
    const slow = requests.filter(({ why }) => why.includes('slowest'));
    const all = [...this.slowest, ...slow].sort((a, b) => tookMs(b) - tookMs(a));
    this.slowest = all.slice(0, mostSlowest);
  }

  /** The load is over: its page is kept, its data are released. */
  private letGo(): void {
    this.fold = undefined;
    this.details = new DetailFold();
    this.told.clear();
  }
}

function tookMs({ scheduledMs, endedMs = scheduledMs }: RequestRecord): number {
  return endedMs - scheduledMs;
}

/** Whether a figure changed for the first time. */
function hasMoved(before: readonly string[], now: readonly string[]): boolean {
  return before.some((text) => !now.includes(text));
}

/** Whether a chart or a line exists only in the ends. */
function isNewIn(tails: readonly TimeChart[], charts: readonly TimeChart[]): boolean {
  return tails.some(({ id, lines }) => {
    const known = charts.find((chart) => chart.id === id);
    if (known === undefined) return true;
    return lines.some(({ name }) => known.lines.every((line) => line.name !== name));
  });
}
