/**
 * The live view of one run, in a separate process: `LOAD_DASHBOARD=1 npx playwright test …`. The reporter
 * starts it with the run's folder and the port, and receives its address. It only reads, and ends with
 * the run.
 */
import { setPriority } from 'node:os';
import { basename, dirname } from 'node:path';
import { reasonOf } from '../platform/words.ts';
import { LiveServer } from './live-server.ts';

/** Lower than the load's priority: a late display does no harm, a late request would spoil the measurement. */
const lowPriority = 10;

async function serve([folder = '', port = '0']: readonly string[]): Promise<void> {
  // If the system does not allow a lower priority, it runs with the normal one.
  try {
    setPriority(lowPriority);
  } catch {
    // It then competes equally with the load.
  }
  const runId = basename(folder);
  const live = await LiveServer.open({ reports: dirname(folder), port: Number(port), runId });
  process.send?.({ url: live.url });
  // Ctrl-C goes to all processes of a terminal. The load drains first, and is shown until then.
  process.on('SIGINT', () => undefined);
  process.once('disconnect', () => {
    void live.close();
  });
}

void serve(process.argv.slice(2)).catch((error: unknown) => {
  process.send?.({ failure: reasonOf(error) });
  process.exitCode = 1;
  process.disconnect();
});
