/**
 * Many streams of 20 tokens/s at a time, read by one process: whether its own lateness leaves a row of
 * the streaming test's budgets undecided, and how much of a core it uses.
 */
import { runForReal } from '../tests/instrument/real-load.ts';
import { users } from '../load/workload/users.ts';
import { streamUser } from './stream-user.ts';
import { tellParent } from './child.ts';

export interface ManyStreams {
  readonly streams: number;
  readonly chunks: number;
  readonly verdict: string;
  /** Number of undecided rows, or of all rows if the run is invalid. */
  readonly openRows: number;
  /** This machine's lateness at p99, as in the verdict. */
  readonly lateMs: number;
  /** User and system time of the process, all its threads, per second of elapsed time. */
  readonly cores: number;
}

/** Each has 100 chunks, one every 50 ms. */
const path = '/100/50';
const durationMs = 25_000;

async function measure(url: string, streams: number): Promise<ManyStreams> {
  let chunks = 0;
  const user = streamUser(path, ({ chunkGapsMs }) => {
    chunks += chunkGapsMs.length + 1;
  });
  const [before, startedMs] = [process.cpuUsage(), performance.now()];
  const { verdict } = await runForReal({
    url,
    user,
    workload: users({ count: streams, spawnRate: 200, duration: durationMs }),
    budgets: { 'ttft.p95': '< 1 s', 'interToken.p95': '< 100 ms', goodput: '> 95 %' },
  });
  const { user: own, system } = process.cpuUsage(before);
  const open = verdict.judgements.filter(({ status }) => status === 'undecided');
  return {
    streams,
    chunks,
    verdict: verdict.verdict,
    openRows: verdict.verdict === 'invalid' ? Math.max(1, open.length) : open.length,
    lateMs: verdict.lateness.p99Ms,
    cores: (own + system) / 1000 / (performance.now() - startedMs),
  };
}

const [url = '', streams = ''] = process.argv.slice(2);
await tellParent(() => measure(url, Number(streams)));
