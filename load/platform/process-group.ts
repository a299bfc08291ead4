/** A command of somebody else's, in a process group of its own, ended with all that it has started. */
import type { ChildProcess } from 'node:child_process';
import { backgroundClock } from './clock.ts';
import { signalGroup, spawnGroup } from './guarded-group.ts';
import { Signal } from './signal.ts';

const keptCharacters = 2000;
const termMs = 3000;
const clock = backgroundClock();

export class ProcessGroup {
  readonly pid: number | undefined;
  private readonly child: ChildProcess;
  private readonly exited = new Signal();
  private tail = '';
  private end: string | undefined;

  constructor([program = '', ...words]: readonly string[], environment: NodeJS.ProcessEnv) {
    const stdio = ['ignore', 'pipe', 'pipe'] as const;
    this.child = spawnGroup(program, words, { env: environment, stdio: [...stdio] });
    this.pid = this.child.pid;
    // Read to the end, as a full pipe would hold it up.
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.tail = (this.tail + text).slice(-keptCharacters);
      });
    }
    const over = (why: string): void => {
      this.end ??= why;
      this.exited.raise();
    };
    this.child.once('error', (error) => {
      over(`could not be started: ${error.message}`);
    });
    this.child.once('exit', (code, signal) => {
      over(`ended with ${code === null ? signal : `exit code ${code}`}`);
    });
    // Whoever ends this process in a hurry ends the group, too.
    process.once('exit', this.kill);
  }

  /** Why it is not there any more, with the last that it said; undefined while it is. */
  get lost(): string | undefined {
    if (this.end === undefined) return undefined;
    return `${this.end}${this.tail.trim() === '' ? '' : `\n${this.tail.trim()}`}`;
  }

  /** Settles once it has ended by itself. */
  ended(): Promise<void> {
    return this.exited.raised;
  }

  /** SIGTERM, and SIGKILL 3 s later; safe to call again. */
  async stop(): Promise<void> {
    this.signal('SIGTERM');
    const timer = clock.at(clock.now() + termMs, this.kill);
    await this.exited.raised;
    clock.cancel(timer);
    // What the command has started may have outlived it.
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
