/** Measures how much the engine's own work costs: waiting users, chunks of streams, writing an interval. */
import type { Writing } from '../tests/instrument/interval-writing.ts';
import { measureIn, withServer } from './child.ts';
import type { ManyStreams } from './many-streams.ts';
import { memoryText, type Memory } from './memory.ts';
import { median, type Bound, type Part } from './part.ts';
import type { ChunkCost } from './stream-chunks.ts';

export const benchWaitingUsers: Part = async (say) => {
  const memoryWith = async (policy: 'shared' | 'perUser'): Promise<Memory> => {
    const memory = await withServer('local-server', (url) =>
      measureIn<Memory>('waiting-users', [url, policy], ['--expose-gc']),
    );
    say(`${memory.users} waiting users, connections ${policy}: ${memoryText(memory)}`);
    return memory;
  };
  const shared = await memoryWith('shared');
  const perUser = await memoryWith('perUser');
  const value = shared.residentBytesPerUser / 1e3;
  const bound: Bound = { what: 'a waiting user, shared', value, limit: 10, unit: 'kB' };
  return { memory: { shared, perUser }, bounds: [bound] };
};

export const benchStreamChunks: Part = async (say) => {
  const cost = await withServer('stream-server', (url) =>
    measureIn<ChunkCost>('stream-chunks', [url]),
  );
  const { streams, chunks, cpuUsPerChunk } = cost;
  const [own, bare] = (['engine', 'bare'] as const).map((name) =>
    median(cpuUsPerChunk.map((round) => round[name])).toFixed(1),
  );
  say(
    `${streams} chats streamed at a time: ${own} µs of CPU per chunk, parsed and measured (${chunks} chunks); ` +
      `by sockets that only read and count, ${bare} µs`,
  );
  const value = median(cpuUsPerChunk.map((round) => round.engine / round.bare));
  const bound: Bound = {
    what: 'chunk of a stream against bare sockets',
    value,
    limit: 2,
    unit: '×',
  };
  return { cost, bounds: [bound] };
};

export const benchManyStreams: Part = async (say) => {
  // A nearly idle process runs beside it. If that is late as well, the machine is the cause.
  const [run, idle] = await withServer('stream-server', (url) =>
    Promise.all(
      [1000, 1].map((count) => measureIn<ManyStreams>('many-streams', [url, String(count)])),
    ),
  );
  if (run === undefined || idle === undefined) throw new Error('a process told nothing');
  const isStarved = run.cores < 0.5 && idle.lateMs > run.lateMs / 10;
  if (run.openRows > 0 && isStarved) {
    const late = `${idle.lateMs.toFixed(0)} ms late at p99, beside ${run.lateMs.toFixed(0)} ms`;
    throw new Error(`this machine is disturbed: a process that reads one stream was ${late}`);
  }
  const { streams, verdict, openRows, lateMs, cores } = run;
  say(
    `${streams} chats of 20 tokens/s streamed at a time: verdict ${verdict}, ${cores.toFixed(2)} of a core, ` +
      `${lateMs.toFixed(1)} ms late at p99`,
  );
  const bounds: Bound[] = [
    { what: `rows that ${streams} streams leave open`, value: openRows, limit: 0, unit: 'rows' },
    { what: `CPU of ${streams} streams`, value: cores, limit: 1, unit: 'cores' },
  ];
  return { run, bounds };
};

export const benchIntervalWrite: Part = async (say) => {
  const writing = await measureIn<Writing>('interval-write');
  const value = median(writing.longestMs);
  say(
    `an interval of 20 000 requests over 5 tasks: ${median(writing.atOnceMs).toFixed(1)} ms of work in ` +
      `${writing.pieces} pieces, the longest ${value.toFixed(2)} ms; ${writing.lineBytes} bytes a line, ` +
      `of which ${writing.requestBytes} are single requests`,
  );
  const what = 'longest stretch of an interval write';
  return { writing, bounds: [{ what, value, limit: 2, unit: 'ms' }] };
};
