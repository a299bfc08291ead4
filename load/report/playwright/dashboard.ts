/**
 * The live view of a run (`LOAD_DASHBOARD`), as a separate process. It only reads the logs, at a lower
 * priority than the load, and a failure in it does not affect the run.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { z } from 'zod';
import { ownProgram } from '../../platform/own-file.ts';

const program = 'load/live/background-server.ts';

const messageSchema = z.union([z.object({ url: z.url() }), z.object({ failure: z.string() })]);

interface Listeners {
  readonly onUrl: (url: string) => void;
  readonly onFailure: (reason: string) => void;
}

export class Dashboard {
  private readonly child: ChildProcess;

  /** `port`: 0 means any free one. */
  constructor(runFolder: string, port: number, { onUrl, onFailure }: Listeners) {
    // The process gets none of the runner's settings and hooks.
    const env = { ...process.env };
    delete env['NODE_OPTIONS'];
    this.child = spawn(process.execPath, [...ownProgram(program), runFolder, String(port)], {
      env,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child.on('error', (error) => {
      onFailure(error.message);
    });
    this.child.on('message', (message) => {
      const told = messageSchema.safeParse(message).data;
      if (told === undefined) return;
      if ('url' in told) onUrl(told.url);
      else onFailure(told.failure);
    });
    // The runner does not wait for it.
    this.child.unref();
    this.child.channel?.unref();
  }

  /** It sends the last update to its viewers and ends. */
  end(): void {
    if (this.child.connected) this.child.disconnect();
  }
}
