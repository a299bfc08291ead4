/**
 * An MCP server over stdin and stdout with one tool that answers wrongly. Arguments:
 * `<folder> <faults> <after>`. All processes of one trap count their calls in the same file; the first
 * `after` are answered correctly.
 */
import { appendFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const [folder = '', faults = '', after = '0'] = process.argv.slice(2);
const calls = join(folder, 'calls');

const wrong: Readonly<Record<string, (id: unknown) => void>> = {
  'rpc-error': (id) => {
    send({ id, error: { code: -32603, message: 'the tool crashed' } });
  },
  'tool-error': (id) => {
    send({ id, result: { content: [{ type: 'text', text: 'the disk is full' }], isError: true } });
  },
  'no-content': (id) => {
    send({ id, result: { content: [] } });
  },
  'nothing-inside': (id) => {
    send({ id });
  },
  'no-json': () => process.stdout.write('<!doctype html><html><h1>Welcome</h1></html>\n'),
  'other-id': () => {
    send({ id: 'another', result: { content: [{ type: 'text', text: 'done' }] } });
  },
  dies: () => {
    process.stderr.write('out of memory\n');
    process.exit(3);
  },
};

createInterface({ input: process.stdin }).on('line', (line) => {
  const { id, method } = JSON.parse(line) as { readonly id?: unknown; readonly method: string };
  if (method === 'initialize') send({ id, result: { protocolVersion: '2025-11-25' } });
  else if (method === 'tools/list') send({ id, result: { tools: [] } });
  else if (method === 'tools/call') {
    appendFileSync(calls, '.');
    if (statSync(calls).size > Number(after)) wrong[faults]!(id);
    else send({ id, result: { content: [{ type: 'text', text: 'clean' }] } });
  } else if (id !== undefined) send({ id, error: { code: -32601, message: 'no such method' } });
});

function send(fields: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...fields })}\n`);
}
