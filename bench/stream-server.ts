/**
 * Streams chat completions to as many as ask: a chunk to each at a steady pace, 50 a second. Ends with the
 * process that started it.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const chunkEveryMs = 20;
const chunksEach = 200;
const head = '{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"bench"';
const chunk = `data: ${head},"choices":[{"index":0,"delta":{"content":" word"},"finish_reason":null}]}\n\n`;
const end =
  `data: ${head},"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n` +
  `data: ${head},"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":${chunksEach}}}\n\n` +
  'data: [DONE]\n\n';

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let sent = 0;
  const timer = setInterval(() => {
    response.write(chunk);
    sent += 1;
    if (sent < chunksEach) return;
    clearInterval(timer);
    response.end(end);
  }, chunkEveryMs);
  response.once('close', () => {
    clearInterval(timer);
  });
}

const server = createServer((request, response) => {
  request.resume();
  stream(response);
});
server.listen(0, '127.0.0.1', 1024, () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.once('disconnect', () => process.exit(0));
