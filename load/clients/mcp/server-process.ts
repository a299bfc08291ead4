/** One MCP server as a child process: requests out by id, answers in by line. It ends with all that it started. */
import type { ChildProcess } from 'node:child_process';
import { backgroundClock } from '../../platform/clock.ts';
import { defined } from '../../platform/defined.ts';
import { fieldOf } from '../../platform/json-file.ts';
import { signalGroup, spawnGroup } from '../../platform/guarded-group.ts';
import { LineReader } from './line-reader.ts';
import {
  answerOf,
  isAnswerTo,
  messagesIn,
  replyTo,
  type RpcAnswer,
  type RpcResult,
} from './message.ts';
import { JudgedFailure, type Verdict } from '../scope.ts';

const keptStderrCharacters = 2000;
/** A server that sends a longer line is not read any further in it: the cap that a body over HTTP has. */
const longestLineBytes = 64 * 2 ** 20;
/** A server that does not read what it is told gets no more answers to its questions. */
const mostUnreadBytes = 2 ** 20;
/** A server has so long to end by itself, and so long again after SIGTERM. */
const graceMs = 2000;
/** The machine's clock, also where a load has another: it is the process that is waited for. */
const clock = backgroundClock();

/** A request on its way. */
export interface Question {
  readonly answer: Promise<RpcAnswer>;
  /** Nobody waits for the answer any more; does nothing where it has come. */
  forget(): void;
}

interface Pending {
  readonly resolve: (answer: RpcAnswer) => void;
  readonly reject: (error: unknown) => void;
}

export interface ServerProgram {
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Its variables, besides those by which it is found and finds its files. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

export class McpProcess {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, Pending>();
  private readonly exited: Promise<void>;
  private nextId = 0;
  private stderr = '';
  private why: string | undefined;

  /** `onDeath` is told when it ended, or could not be started. */
  constructor({ command, environment }: ServerProgram, onDeath: () => void) {
    const [program = '', ...args] = command;
    // The keys of all other systems are in this process's environment, and none of the server's business.
    const { PATH, HOME } = process.env;
    const env = defined({ PATH, HOME, ...environment });
    this.child = spawnGroup(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
    const { stdin, stdout, stderr } = this.child;
    // Told by its exit; a write to a process that is gone is no error of its own.
    stdin?.on('error', () => undefined);
    stderr?.setEncoding('utf8');
    stderr?.on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-keptStderrCharacters);
    });
    const lines = new LineReader(longestLineBytes, (line) => {
      this.receive(line);
    });
    stdout!.on('data', (bytes: Buffer) => {
      lines.add(bytes);
    });
    this.exited = new Promise((resolve) => {
      const over = (why: string): void => {
        if (this.why !== undefined) return;
        this.why = why;
        this.failAll();
        onDeath();
        resolve();
      };
      this.child.once('error', (error) => {
        over(`${program} could not be started: ${error.message}`);
      });
      this.child.once('exit', (code, signal) => {
        over(`the server ended with ${code === null ? signal : `exit code ${code}`}`);
      });
    });
  }

  ask(method: string, params: RpcResult): Question {
    const id = this.nextId++;
    const answer = new Promise<RpcAnswer>((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      if (this.why === undefined) this.tell({ jsonrpc: '2.0', id, method, params });
      else this.failAll();
    });
    return {
      answer,
      forget: () => {
        // The protocol lets every request but the first be called off.
        if (this.pending.delete(id) && method !== 'initialize') this.tell(cancelled(id));
      },
    };
  }

  tell(message: object): void {
    this.child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  /**
   * Asks it to end as the protocol says: by the end of its input, then by a signal. Rejects where it took
   * the signal that no process withstands.
   */
  async end(): Promise<void> {
    this.child.stdin?.end();
    if (await this.endsInTime()) return;
    signalGroup(this.child, 'SIGTERM');
    if (await this.endsInTime()) return;
    this.kill();
    await this.exited;
    const detail = 'the server ended neither with its input nor on SIGTERM: it was killed';
    throw new JudgedFailure({ outcome: 'failed', kind: 'application', detail });
  }

  kill(): void {
    if (this.why === undefined) signalGroup(this.child, 'SIGKILL');
  }

  private endsInTime(): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = clock.at(clock.now() + graceMs, () => {
        resolve(false);
      });
      void this.exited.then(() => {
        clock.cancel(timer);
        resolve(true);
      });
    });
  }

  /** `undefined`: a line that was too long. It may be the answer to any of the requests on their way. */
  private receive(line: string | undefined): void {
    if (line === undefined) {
      const detail = `a line of more than ${longestLineBytes} bytes`;
      this.failAll({ outcome: 'invalid', kind: 'tooLarge', detail });
      return;
    }
    // Not every server keeps its stdout for messages alone.
    for (const value of messagesIn(line) ?? []) this.hear(value);
  }

  private hear(value: unknown): void {
    // Ids are compared as text: there are servers that give a number back as one.
    const id = Number(fieldOf(value, 'id'));
    const pending = this.pending.get(id);
    if (pending !== undefined && isAnswerTo(value, id)) {
      this.pending.delete(id);
      pending.resolve(answerOf(value));
      return;
    }
    const reply = replyTo(value);
    if (reply === undefined || (this.child.stdin?.writableLength ?? 0) > mostUnreadBytes) return;
    this.tell(reply);
  }

  private failAll(verdict?: Verdict): void {
    const detail = `${this.why ?? ''} ${this.stderr}`.trim();
    for (const { reject } of this.pending.values()) {
      reject(new JudgedFailure(verdict ?? { outcome: 'failed', kind: 'reset', detail }));
    }
    this.pending.clear();
  }
}

function cancelled(requestId: number): object {
  const params = { requestId, reason: 'no answer in time' };
  return { jsonrpc: '2.0', method: 'notifications/cancelled', params };
}
