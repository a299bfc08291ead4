/** The talking server over stdin and stdout. */
import { createInterface } from 'node:readline';
import { Talker, type Heard } from './talking-tools.ts';

const talker = new Talker();
const say = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line) as Heard & { params?: { protocolVersion?: string } };
  const { id, method, params } = message;
  if (method === 'initialize') {
    const serverInfo = { name: 'talking', version: '1' };
    const { protocolVersion } = params!;
    const result = { protocolVersion, capabilities: { tools: {} }, serverInfo };
    say({ jsonrpc: '2.0', id, result });
  } else if (method === 'tools/call') {
    void talker.call(message, say, (text) => void process.stdout.write(`${text}\n`));
  } else talker.hear(message);
});
