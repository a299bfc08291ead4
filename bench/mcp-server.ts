/**
 * What MCP clients are measured against: the official SDK's server with one tool, in a process of its own.
 * Ends with the process that started it.
 */
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const inputSchema = z.object({ path: z.string() });

function newServer(): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' });
  server.registerTool('read_file', { inputSchema }, ({ path }) => ({
    content: [{ type: 'text' as const, text: `what stands in ${path}` }],
  }));
  return server;
}

const handler = toNodeHandler(createMcpHandler(newServer));
const server = createServer((request, response) => {
  void handler(request as IncomingMessage & { method: string; url: string }, response);
});
// Idle users keep their connections for as long as the benchmark waits.
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', 4096, () => {
  process.send?.((server.address() as AddressInfo).port);
});
process.once('disconnect', () => process.exit(0));
