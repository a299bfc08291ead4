/**
 * The live view beside one run, in a process of its own: `LOAD_DASHBOARD=1 npx playwright test …`. The reporter
 * starts it with the run's folder and the port, and is told its address. It only reads, and ends with the run.
 */
import { setPriority } from 'node:os';
import { basename, dirname } from 'node:path';
import { reasonOf } from '../platform/words.ts';
import { LiveServer } from './live-server.ts';

/** Below the load itself: what is shown late is shown, what is sent late is measured wrong. */
const lowPriority = 10;

async function serve([folder = '', port = '0']: readonly string[]): Promise<void> {
  // Where the system lets nobody change it, it runs as it is.
  try {
    setPriority(lowPriority);
  } catch {
    // The load has the same share of the machine then.
  }
  const runId = basename(folder);
  const live = await LiveServer.open({ reports: dirname(folder), port: Number(port), runId });
  process.send?.({ url: live.url });
  // Ctrl-C goes to all processes of a terminal: the load drains, and is watched until it has.
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
