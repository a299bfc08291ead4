/**
 * One MCP server as a child process: requests go out, answers are matched by id. Its child processes end
 * with it.
 */
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
/** Longer lines are not read further. This is the limit that applies to a body over HTTP. */
const longestLineBytes = 64 * 2 ** 20;
/** A server that does not read its input gets no more answers to its requests. */
const mostUnreadBytes = 2 ** 20;
/** How long a server has to end by itself, and again after SIGTERM. */
const graceMs = 2000;
/** The machine's clock even if the load has another one, since a real process is waited for. */
const clock = backgroundClock();

/** A request on its way. */
export interface Question {
  readonly answer: Promise<RpcAnswer>;
  /** Drops the request, so that nobody waits for its answer. */
  forget(): void;
}

interface Pending {
  readonly resolve: (answer: RpcAnswer) => void;
  readonly reject: (error: unknown) => void;
}

export interface ServerProgram {
  /** Program and arguments. */
  readonly command: readonly string[];
  /** Environment variables, besides those that it needs to find programs and files. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
}

export class McpProcess {
  private readonly child: ChildProcess;
  private readonly pending = new Map<number, Pending>();
  private readonly exited: Promise<void>;
  private nextId = 0;
  private stderr = '';
  private why: string | undefined;

  /** `onDeath` is called when it ended or could not be started. */
  constructor({ command, environment }: ServerProgram, onDeath: () => void) {
    const [program = '', ...args] = command;
    // This process's environment holds the keys of all systems, so the server does not get it.
    const { PATH, HOME } = process.env;
    const env = defined({ PATH, HOME, ...environment });
    this.child = spawnGroup(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
    const { stdin, stdout, stderr } = this.child;
    // The exit reports the end; a failed write to a process that is gone is not a separate error.
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
        // The protocol allows cancelling any request but the first.
        if (this.pending.delete(id) && method !== 'initialize') this.tell(cancelled(id));
      },
    };
  }

  tell(message: object): void {
    this.child.stdin?.write(`${JSON.stringify(message)}\n`);
  }

  /**
   * Ends the server as the protocol says: by closing its input, then by a signal. Rejects if SIGKILL was
   * necessary.
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

  /** `undefined`: a line that was too long. It may be the answer to any of the open requests. */
  private receive(line: string | undefined): void {
    if (line === undefined) {
      const detail = `a line of more than ${longestLineBytes} bytes`;
      this.failAll({ outcome: 'invalid', kind: 'tooLarge', detail });
      return;
    }
    // Some servers write other text to stdout too.
    for (const value of messagesIn(line) ?? []) this.hear(value);
  }

  private hear(value: unknown): void {
    // Ids are compared as text, since some servers return a number as text.
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
