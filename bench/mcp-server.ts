/**
 * The server for MCP clients: a `node:http` server in a separate process that does as little work as the
 * protocol allows, so that the clients are measured. Its sessions have no id. Ends with its parent.
 */
import { createServer, type ServerResponse } from 'node:http';
import { serveParent } from './child.ts';

interface Request {
  readonly id?: number | string;
  readonly method: string;
}

const inputSchema = { type: 'object', properties: { path: { type: 'string' } } };
const results: Readonly<Record<string, object>> = {
  initialize: {
    protocolVersion: '2025-11-25',
    capabilities: { tools: {} },
    serverInfo: { name: 'bench', version: '1.0.0' },
  },
  'tools/list': { tools: [{ name: 'read_file', inputSchema }] },
  'tools/call': { content: [{ type: 'text', text: 'what stands in the file' }] },
};

function answer(response: ServerResponse, { id, method }: Request): void {
  // A notification gets no answer.
  if (id === undefined) {
    response.writeHead(202, { 'content-length': 0 }).end();
    return;
  }
  const text = JSON.stringify({ jsonrpc: '2.0', id, result: results[method] });
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    if (request.method === 'POST') {
      answer(response, JSON.parse(Buffer.concat(chunks).toString()) as Request);
    } else response.writeHead(405, { 'content-length': 0 }).end();
  });
});
// Idle users keep their connections for as long as the benchmark waits.
server.keepAliveTimeout = 120_000;
serveParent(server);
