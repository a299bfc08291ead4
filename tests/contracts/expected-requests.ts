/**
 * How many requests each load test sends, computed from the declarations in the specs, for a page of the
 * docs.
 */
import { formatMs } from '../../load/platform/duration.ts';
import { counted } from '../../load/platform/words.ts';
import type { ThinkTime } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import type { Workload } from '../../load/workload/workload.ts';
import { declaredTests, type DeclaredLoad } from './declared-tests.ts';

/** How long the system takes for an answer, in ms, with the title of its column. */
const answersMs = [0, 20, 200, 2000] as const;
const titles = ['at once', 'in 20 ms', 'in 200 ms', 'in 2 s'];

/**
 * Expected requests of a load whose every answer takes `answerMs`. Each user's first request comes at
 * once, so there is half a request more than its time divided by the time of a round. A turn of a
 * conversation counts like an iteration, since the pause before it is the user's think time.
 */
export function expectedRequests(
  user: Pick<UserDefinition, 'thinkTime'>,
  workload: Workload,
  answerMs: number,
): number {
  const area = workload.segments.reduce(
    (sum, { startMs, endMs, from, to }) => sum + ((endMs - startMs) * (from + to)) / 2,
    0,
  );
  if (workload.model === 'open') return area / 1000;
  const roundMs = meanMs(workload.thinkTime ?? user.thinkTime) + answerMs;
  const users = Math.max(...workload.segments.map(({ from, to }) => Math.max(from, to)));
  return area / roundMs + users / 2;
}

function meanMs(thinkTime: ThinkTime): number {
  if (thinkTime.kind === 'pacing') throw new Error('no load test of the suite paces its users');
  return (thinkTime.fromMs + thinkTime.toMs) / 2;
}

/** The table as Markdown: each load of each test, in the order of the specs. `custom` has no fixed load. */
export async function expectedRequestsTable(systems: readonly string[]): Promise<string> {
  const rows = await Promise.all(systems.map(rowsOf));
  return [
    `| system | scenario | load | ${titles.join(' | ')} |`,
    `|---|---|---|${'--:|'.repeat(titles.length)}`,
    ...rows.flat().map((cells) => `| ${cells.join(' | ')} |`),
  ].join('\n');
}

async function rowsOf(system: string): Promise<string[][]> {
  const tests = (await declaredTests(system)).filter(({ project }) => project !== 'custom');
  const rows = await Promise.all(
    tests.map(async (one) =>
      (await one.loads()).map((load) => [system, one.project, describe(load), ...countsOf(load)]),
    ),
  );
  return rows.flat();
}

function describe({ workload, options }: DeclaredLoad): string {
  const beside = (options.background ?? []).map((one) => `${one.name} ${shapeOf(one.workload)}`);
  return [shapeOf(workload), ...beside].join(' and ');
}

function shapeOf({ model, segments }: Workload): string {
  const [ramp] = segments;
  const { to: level, endMs } = segments.at(-1)!;
  if (model === 'open') return `${level}/s for ${formatMs(endMs)}`;
  const isRamp = ramp!.to > ramp!.from;
  const rate = isRamp ? `, ${Number(((ramp!.to / ramp!.endMs) * 1000).toPrecision(3))}/s` : '';
  return `${counted(level, 'user')}${rate}, ${formatMs(endMs)}`;
}

interface Sent {
  readonly user: UserDefinition;
  readonly workload: Workload;
}

function countsOf({ user, workload, options: { background = [] } }: DeclaredLoad): string[] {
  return answersMs.map((answerMs) => {
    const all = [{ user, workload }, ...background] as readonly Sent[];
    const sum = all.reduce((so, one) => so + expectedRequests(one.user, one.workload, answerMs), 0);
    return Number.isFinite(sum) ? rounded(sum) : 'as many as it answers';
  });
}

/** Two digits, since draws and the machine change the third. */
function rounded(count: number): string {
  return String(Math.round(Number(count.toPrecision(2)))).replace(/\B(?=(\d{3})+$)/g, ' ');
}
