/** What the engine's own work costs: users that wait, chunks of streams, the writing of an interval. */
import type { Writing } from '../tests/instrument/interval-writing.ts';
import { measureIn, withServer } from './child.ts';
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
  say(
    `${streams} chats streamed at a time: ${cpuUsPerChunk.toFixed(1)} µs of CPU per chunk, ` +
      `parsed and measured (${chunks} chunks)`,
  );
  return { cost, bounds: [] };
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
