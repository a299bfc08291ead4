/** Endless bodies, compressed or not (fault matrix, 22): reading stops at the limit, in bounded memory. */
import { expect, test } from '@playwright/test';
import { createServer, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { listening } from '../contracts/client-harness.ts';
import { endChild, messageFrom, startChild } from '../instrument/child.ts';
import { fault } from './fault-matrix.ts';
import type { TakenIn } from './taking-in.ts';

const capBytes = 2 * 2 ** 20;
/** The decompressed size of one answer; sixteen at once would be 4 GiB. */
const bombBytes = 2 ** 28;

const bomb = gzipSync(Buffer.alloc(bombBytes));
const nested = gzipSync(bomb);

function sendEndless(response: ServerResponse): void {
  response.writeHead(200, { 'content-length': 10_000_000_000 });
  const block = Buffer.alloc(2 ** 16);
  const pump = (): void => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', pump);
  pump();
}

const answers: Readonly<Record<string, (response: ServerResponse) => void>> = {
  '/endless': sendEndless,
  '/bomb': (response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb),
  '/nested': (response) =>
    response.writeHead(200, { 'content-encoding': 'gzip, gzip' }).end(nested),
};

test(
  '10 GB, a gzip bomb and one inside another: tooLarge, and memory far below one of them',
  { annotation: fault(22) },
  async () => {
    const served = new Map<string, number>();
    const server = await listening(
      createServer(({ url = '' }, response) => {
        served.set(url, (served.get(url) ?? 0) + 1);
        answers[url]!(response);
      }),
    );
    const child = startChild('../faults/taking-in.ts', {
      url: server.url,
      paths: Object.keys(answers),
      capBytes,
    });
    try {
      const { outcomes, kinds, restBytes, peakBytes } = await messageFrom<TakenIn>(child);
      expect(peakBytes - restBytes).toBeLessThan(bombBytes);
      const requests = [...served.values()].reduce((sum, count) => sum + count, 0);
      expect([...served.keys()].sort()).toEqual(Object.keys(answers).sort());
      expect(outcomes).toEqual({ invalid: requests });
      expect(kinds).toEqual(['tooLarge']);
    } finally {
      await endChild(child);
      await server.close();
    }
  },
);
