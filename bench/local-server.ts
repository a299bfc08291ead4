/**
 * The server for all contenders: a `node:http` server in a separate process that answers a small JSON
 * document at once. Ends with its parent.
 */
import { createServer } from 'node:http';
import { serveParent } from './child.ts';

const body = JSON.stringify({
  response: 'Oatmeal with a banana, two hours before the run.',
  timestamp: '2026-01-01T00:00:00.000Z',
  user_id: 'loadtest_user_1',
});

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
});
// Idle users keep their connections for as long as the benchmark waits.
server.keepAliveTimeout = 120_000;
serveParent(server);
