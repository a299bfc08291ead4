/** An MCP server on stdio that ignores the end of its input and every signal that can be ignored. */
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

// The listening socket keeps the process alive.
createServer().listen(0, '127.0.0.1');
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

const names = ['read_file', 'write_file', 'git_status', 'git_log', 'web_scrape'];
const example = { type: 'string', examples: ['any'] };
const inputSchema = { type: 'object', properties: { repo_path: example, url: example } };
const tools = names.map((name) => ({ name, inputSchema }));

interface Call {
  readonly name: string;
  readonly arguments: { readonly path?: string; readonly content?: string };
}

const files = new Map<string | undefined, string>();

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method, params } = JSON.parse(line) as { id?: number; method: string; params: Call };
  if (method === 'initialize') send({ id, result: { protocolVersion: '2025-11-25' } });
  else if (method === 'tools/list') send({ id, result: { tools } });
  else if (method === 'tools/call') {
    send({ id, result: { content: [{ type: 'text', text: answerTo(params) }] } });
  } else if (id !== undefined) send({ id, error: { code: -32601, message: 'no such method' } });
});

function answerTo({ name, arguments: { path, content } }: Call): string {
  if (name === 'write_file') files.set(path, content ?? '');
  return (name === 'read_file' ? files.get(path) : undefined) ?? 'as you say';
}

function send(fields: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...fields })}\n`);
}
