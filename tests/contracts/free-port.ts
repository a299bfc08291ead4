/** A free port of loopback, for a server that takes its port as a setting. */
import { createServer } from 'node:http';
import { listening } from './client-harness.ts';

/** A free port of loopback. */
export async function freePort(): Promise<number> {
  const server = await listening(createServer());
  await server.close();
  return server.port;
}
