/** Runs the user's command in its own process group, and ends it with all its child processes. */
import type { ChildProcess } from 'node:child_process';
import { backgroundClock } from './clock.ts';
import { signalGroup, spawnGroup } from './guarded-group.ts';
import { Latch } from './latch.ts';

const keptCharacters = 2000;
const termMs = 3000;
const clock = backgroundClock();

export class ProcessGroup {
  readonly pid: number | undefined;
  private readonly child: ChildProcess;
  private readonly exited = new Latch();
  private tail = '';
  private end: string | undefined;

  constructor([program = '', ...words]: readonly string[], environment: NodeJS.ProcessEnv) {
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    this.child = spawnGroup(program, words, { env: environment, stdio: [...stdio] });
    this.pid = this.child.pid;
    // The output is read to the end, since a full pipe would block the command.
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.tail = (this.tail + text).slice(-keptCharacters);
      });
    }
    const over = (why: string): void => {
      this.end ??= why;
      this.exited.release();
    };
    this.child.once('error', (error) => {
      over(`could not be started: ${error.message}`);
    });
    this.child.once('exit', (code, signal) => {
      over(`ended with ${code === null ? signal : `exit code ${code}`}`);
    });
    // If this process ends suddenly, the group ends too.
    process.once('exit', this.kill);
  }

  /** Why it is not running any more, with its last output; undefined while it runs. */
  get lost(): string | undefined {
    if (this.end === undefined) return undefined;
    return `${this.end}${this.tail.trim() === '' ? '' : `\n${this.tail.trim()}`}`;
  }

  /** Resolves when it has ended by itself. */
  ended(): Promise<void> {
    return this.exited.released;
  }

  /** Sends SIGTERM, and SIGKILL 3 s later. Safe to call again. */
  async stop(): Promise<void> {
    this.signal('SIGTERM');
    const timer = clock.at(clock.now() + termMs, this.kill);
    await this.exited.released;
    clock.cancel(timer);
    // Its child processes may have outlived it.
    this.kill();
    process.off('exit', this.kill);
  }

  private readonly kill = (): void => {
    this.signal('SIGKILL');
  };

  private signal(signal: NodeJS.Signals): void {
    signalGroup(this.child, signal);
  }
}
