/** `npm run coordinator`: the coordinator by itself, for slices on several machines. */
import { parseArgs } from 'node:util';
import { parseDurationMs } from '../duration.ts';
import { Coordinator } from './coordinator.ts';

const usage =
  'LOAD_COORDINATOR_SECRET=… npm run coordinator -- [--host 127.0.0.1] [--port 7070] [--patience 60s]';

async function coordinate(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      host: { type: 'string', default: '127.0.0.1' },
      port: { type: 'string', default: '7070' },
      patience: { type: 'string', default: '60s' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${usage}\n`);
    return;
  }
  const secret = process.env['LOAD_COORDINATOR_SECRET'] ?? '';
  if (!/^[\x21-\x7e]{16,200}$/.test(secret)) {
    throw new Error('LOAD_COORDINATOR_SECRET: accepted are 16 to 200 visible characters');
  }
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) {
    throw new Error(`--port ${values.port}: accepted is 0 to 65535 (0: any free one)`);
  }
  const patienceMs = parseDurationMs(values.patience, '--patience');
  const coordinator = await Coordinator.open({ secret, host: values.host, port, patienceMs });
  process.stdout.write(`coordinator: ${coordinator.url}\n`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void coordinator.close();
    });
  }
}

await coordinate(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${usage}\n`);
  process.exitCode = 1;
});
