/**
 * Streams chat completions: a chunk to each client at a steady rate, 50 per second; `/25` sends 25 in
 * all, `/25/50` one every 50 ms. Each contains its sending time in epoch milliseconds. Ends with its
 * parent.
 */
import { createServer, type ServerResponse } from 'node:http';
import { serveParent } from './child.ts';

const chunkEveryMs = 20;
const chunksByDefault = 200;
const head = '{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"bench"';

function chunk(): string {
  const sent = (performance.timeOrigin + performance.now()).toFixed(3);
  return `data: ${head},"choices":[{"index":0,"delta":{"content":"${sent} "},"finish_reason":null}]}\n\n`;
}

function end(chunks: number): string {
  return (
    `data: ${head},"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n` +
    `data: ${head},"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":${chunks}}}\n\n` +
    'data: [DONE]\n\n'
  );
}

function stream(response: ServerResponse, chunks: number, everyMs: number): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let sent = 0;
  const timer = setInterval(() => {
    // Sent at once, in one piece. node:http would buffer it until the end of the turn, after all other
    // streams.
    response.socket?.cork();
    response.write(chunk());
    response.socket?.uncork();
    sent += 1;
    if (sent < chunks) return;
    clearInterval(timer);
    response.end(end(chunks));
  }, everyMs);
  response.once('close', () => {
    clearInterval(timer);
  });
}

const server = createServer((request, response) => {
  request.resume();
  const [, chunks, everyMs] = (request.url ?? '').split('/').map(Number);
  stream(response, chunks || chunksByDefault, everyMs || chunkEveryMs);
});
serveParent(server);
