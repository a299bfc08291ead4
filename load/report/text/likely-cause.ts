/**
 * Likely causes of a red load from its own readings: the system's figures during the judged time, and how
 * many of the users waited. A sentence each; empty if nothing stands out.
 */
import { judgedSpans, levelsIn } from '../../metrics/result/readings.ts';
import type { Verdict } from '../../budgets/judge.ts';
import { momentText, numberText, shareText } from '../../metrics/figure-text.ts';
import { judgedPoints, type Result, type TimelinePoint } from '../../metrics/result/result.ts';
import { sumOf } from '../../platform/lists.ts';

/** A condition in fewer of the readings was brief, and explains no percentile of a whole load. */
const leastShare = 0.2;
/** From here on the machine has hardly any CPU left. */
const busyCpu = 0.9;
/** With fewer users or arrivals it means little that all of them wait. */
const fewest = 5;
const nearlyAll = 0.9;

export function likelyCauses(result: Result, { verdict }: Pick<Verdict, 'verdict'>): string[] {
  if (verdict !== 'fail') return [];
  const causes = [emptyPool(result), busyTarget(result), usersWaiting(result), backlog(result)];
  return causes.filter((cause) => cause !== undefined);
}

function emptyPool(result: Result): string | undefined {
  const levels = levelsIn(result, 'poolAvailable', judgedSpans(result));
  const empty = levels.filter(({ value }) => value <= 0);
  const [first] = empty;
  if (first === undefined || empty.length < leastShare * levels.length) return undefined;
  return (
    `poolAvailable was 0 in ${empty.length} of ${levels.length} readings, first at ` +
    `${momentText(first.atMs)}: requests waited for a free connection of the system's pool`
  );
}

function busyTarget(result: Result): string | undefined {
  const levels = levelsIn(result, 'targetCpuPeak', judgedSpans(result));
  const busy = levels.filter(({ value }) => value >= busyCpu);
  const [first] = busy;
  if (first === undefined || busy.length < leastShare * levels.length) return undefined;
  const highest = Math.max(...busy.map(({ value }) => value));
  return (
    `targetCpu was at ${shareText(Math.min(1, highest))} of the system's machine, in ` +
    `${busy.length} of ${levels.length} readings, first at ${momentText(first.atMs)}`
  );
}

/** In a closed model users send no faster than they get answers. */
function usersWaiting(result: Result): string | undefined {
  if (result.plan.streams[0]?.workload['model'] !== 'closed') return undefined;
  const points = judgedPoints(result);
  const level = ({ judged, users, inFlight }: TimelinePoint) => judged ?? { users, inFlight };
  const users = sumOf(points, (point) => level(point).users) / points.length;
  const waiting = sumOf(points, (point) => level(point).inFlight) / points.length;
  if (!(users >= fewest && waiting >= nearlyAll * users)) return undefined;
  return (
    `all users in flight: on average ${numberText(waiting)} of ${numberText(users)} waited for an ` +
    'answer, so they sent only as fast as the system answered'
  );
}

function backlog(result: Result): string | undefined {
  const points = judgedPoints(result);
  const longest = points.reduce<TimelinePoint | undefined>(
    (most, point) => (point.backlog > (most?.backlog ?? 0) ? point : most),
    undefined,
  );
  if (longest === undefined || longest.backlog < fewest) return undefined;
  const { backlog: count, startMs } = longest;
  return `all users in flight: up to ${count} arrivals waited for a free one (at ${momentText(startMs)})`;
}
