/**
 * `_stats_history.csv`: a row for each interval of the log, over all requests of the judged load stream,
 * in Locust's columns. Rates and percentiles are those of the interval, as in Locust's full history.
 * Totals include all requests that have ended so far, in any phase.
 */
import { Histogram } from '../../metrics/histogram.ts';
import type { Interval, LogLine } from '../../metrics/log/schema.ts';
import { addOutcomes, scheduledOf, type OutcomeCounts } from '../../metrics/outcome.ts';
import { latencyData } from '../../metrics/trend-histogram.ts';
import { sumOf } from '../../platform/lists.ts';
import { percentileNames, percentilesOf } from '../text/latency-figures.ts';
import { csvText, overAll, percentileCells, told, type Csv } from './locust-files.ts';

const historyColumns = [
  'Timestamp',
  'User Count',
  'Type',
  'Name',
  'Requests/s',
  'Failures/s',
  ...percentileNames,
  'Total Request Count',
  'Total Failure Count',
  'Total Median Response Time',
  'Total Average Response Time',
  'Total Min Response Time',
  'Total Max Response Time',
  'Total Average Content Size',
] as const;

export class StatsHistory {
  private readonly rows: Csv[][] = [];
  private readonly total = new Histogram();
  private outcomes: OutcomeCounts = {};
  private bytes = 0;
  private startedAtEpochMs = 0;

  /** Takes the lines of a log in order. */
  add(line: LogLine): void {
    if (line.type === 'plan') this.startedAtEpochMs = line.startedAtEpochMs;
    if (line.type === 'interval') this.addInterval(line);
  }

  csv(): string {
    return csvText([historyColumns, ...this.rows]);
  }

  private addInterval({ startMs, endMs, users, judged, series }: Interval): void {
    const own = series.filter(({ stream }) => stream === 0);
    const histogram = new Histogram();
    let outcomes: OutcomeCounts = {};
    for (const record of own) {
      outcomes = addOutcomes(outcomes, record.outcomes);
      const data = latencyData(record.trends?.['responseTime']);
      if (data !== undefined) histogram.add(data);
    }
    this.total.add(histogram);
    this.outcomes = addOutcomes(this.outcomes, outcomes);
    this.bytes += sumOf(own, ({ bytesReceived = 0 }) => bytesReceived);
    const requests = scheduledOf(outcomes);
    const seconds = (endMs - startMs) / 1000;
    this.rows.push([
      Math.floor((this.startedAtEpochMs + endMs) / 1000),
      judged?.users ?? users,
      '',
      overAll,
      requests / seconds,
      (requests - (outcomes.ok ?? 0)) / seconds,
      ...percentileCells(percentilesOf(histogram, requests)),
      ...this.totals(),
    ]);
  }

  private totals(): Csv[] {
    const { total, outcomes, bytes } = this;
    const requests = scheduledOf(outcomes);
    const percentiles = percentilesOf(total, requests);
    return [
      requests,
      requests - (outcomes.ok ?? 0),
      told(percentiles['50%']),
      told(total.count === 0 ? null : total.mean / 1000),
      told(total.count === 0 ? null : total.min / 1000),
      told(percentiles['100%']),
      requests === 0 ? 0 : bytes / requests,
    ];
  }
}
