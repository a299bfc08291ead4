/**
 * The memory for answers of all requests has a limit. Exceeding it counts as this side's error, not the
 * system's.
 */
import { expect, test } from '@playwright/test';
import type { ServerResponse } from 'node:http';
import { keptBodies } from '../../load/clients/http/kept-bodies.ts';
import { httpServer, json, TestLoad, until, verdict } from './client-harness.ts';

const bodyBytes = 60 * 2 ** 20;
const requests = 6;

test('answers that are more than 256 MB together: some end as the generator’s, and later ones are well', async () => {
  const open: ServerResponse[] = [];
  const server = await httpServer(({ request }, response) => {
    if (request.url !== '/large') json(response, {});
    else {
      // The last byte of each is held back until all the rest has arrived.
      response.writeHead(200, { 'content-length': bodyBytes });
      response.write(Buffer.alloc(bodyBytes - 1));
      open.push(response);
    }
  });
  const load = new TestLoad({ url: server.url, connections: 'shared', deadlineMs: 60_000 });
  const { http } = load.newUser();
  const replies = Array.from({ length: requests }, () => http.get('/large').catch(() => undefined));
  await until(() => load.samples.length === 2);
  for (const response of open) response.end(Buffer.alloc(1));
  await Promise.all(replies);
  const ends = load.samples.map(verdict).sort();
  // There is room for four of them.
  expect(ends).toEqual(['invalid generator', 'invalid generator', 'ok', 'ok', 'ok', 'ok']);
  expect(load.last.outcome).toBe('ok');
  await http.get('/small');
  expect(verdict(load.last)).toBe('ok');
  expect(keptBodies.isEmpty).toBe(true);
  expect(load.lost).toBe(0);
  load.close();
  await server.close();
});
