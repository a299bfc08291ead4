/**
 * One request on the wire: what undici calls back, and the deadline that may end it. It takes the time
 * stamps as the bytes arrive and keeps the bytes; what they mean is judged by others. The hot path: one
 * object per request, no stream, no AbortSignal, no header parsed before somebody asks.
 */
import type { Dispatcher } from 'undici';
import type { Recorder } from '../metrics/recorder.ts';
import type { Sample } from '../metrics/sample.ts';
import type { Connection } from './connections.ts';
import { InFlight, type Deadlines } from './deadlines.ts';

/** How an exchange ended on the wire. */
export type WireEnd =
  | { readonly kind: 'complete' }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'interrupted' };

const complete: WireEnd = { kind: 'complete' };
const empty = Buffer.alloc(0);

export class Exchange extends InFlight {
  readonly sample: Sample;
  readonly connection: Connection;
  status = 0;
  /** Names and values in turn, as they came. */
  rawHeaders: readonly Buffer[] = [];
  private readonly recorder: Recorder;
  private readonly deadlines: Deadlines;
  private readonly maxBodyBytes: number;
  private first: Buffer | undefined;
  private rest: Buffer[] | undefined;
  private size = 0;
  private isOver = false;
  private done: (end: WireEnd) => void = () => undefined;

  constructor(
    sample: Sample,
    connection: Connection,
    recorder: Recorder,
    deadlines: Deadlines,
    maxBodyBytes: number,
  ) {
    super();
    this.sample = sample;
    this.connection = connection;
    this.recorder = recorder;
    this.deadlines = deadlines;
    this.maxBodyBytes = maxBodyBytes;
  }

  /** Sends; resolves when it is over, however that came. Never rejects. */
  send(options: Dispatcher.DispatchOptions, deadlineMs: number): Promise<WireEnd> {
    return new Promise((resolve) => {
      this.done = resolve;
      this.recorder.start(this.sample);
      this.deadlines.add(this, deadlineMs);
      this.connection.dispatcher.dispatch(options, this);
    });
  }

  get hasHeaders(): boolean {
    return this.status !== 0;
  }

  get body(): Buffer {
    if (this.rest === undefined) return this.first ?? empty;
    return Buffer.concat([this.first!, ...this.rest], this.size);
  }

  /** The first header of that (lower-case) name. */
  header(name: string): string | undefined {
    for (let i = 0; i + 1 < this.rawHeaders.length; i += 2) {
      const key = this.rawHeaders[i]!;
      // Most names differ in length or first letter: no text is made for those.
      if (key.length !== name.length || (key[0]! | 0x20) !== name.charCodeAt(0)) continue;
      if (key.toString('latin1').toLowerCase() === name) {
        return this.rawHeaders[i + 1]!.toString('latin1');
      }
    }
    return undefined;
  }

  allHeaders(name: string): string[] {
    return this.rawHeaders.flatMap((key, i) =>
      i % 2 === 0 && key.toString('latin1').toLowerCase() === name
        ? [this.rawHeaders[i + 1]!.toString('latin1')]
        : [],
    );
  }

  expire(reason: 'timeout' | 'interrupted'): void {
    if (this.isOver) return;
    this.isOver = true;
    this.recorder.giveUp(this.sample);
    this.connection.destroy();
    this.close({ kind: reason });
  }

  // What follows is undici's own handler interface: the one that costs it no wrapping.

  onConnect(): void {
    const times = this.connection.takeTimes();
    if (times === undefined) return;
    // A socket of its own, whatever the one before it carried.
    this.connection.served = 0;
    this.connection.connectMs = times.connectMs;
    this.sample.dnsMs = times.dnsMs;
    this.sample.connectMs = times.connectMs;
    this.sample.tlsMs = times.tlsMs;
  }

  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    // 1xx: the answer is still to come.
    if (status < 200) return true;
    this.status = status;
    this.rawHeaders = rawHeaders;
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.isOver) return true;
    // Of any body: a server that delivers bytes does not stand still, whatever it calls them.
    this.recorder.progress();
    this.size += chunk.length;
    if (this.size > this.maxBodyBytes) {
      this.finish({ kind: 'tooLarge' });
      this.connection.destroy();
      return true;
    }
    if (this.first === undefined) this.first = chunk;
    else (this.rest ??= []).push(chunk);
    return true;
  }

  onComplete(): void {
    // undici takes a reset for the end of a body that has no length of its own.
    const error = this.connection.socket?.errored ?? null;
    this.finish(error === null ? complete : { kind: 'error', error });
  }

  onError(error: unknown): void {
    this.finish({ kind: 'error', error });
  }

  private finish(end: WireEnd): void {
    if (this.isOver) return;
    this.isOver = true;
    // The time stamp comes first: nothing is parsed before it.
    this.recorder.finish(this.sample);
    this.deadlines.remove(this);
    this.close(end);
  }

  private close(end: WireEnd): void {
    this.sample.bytesReceived = this.size;
    this.done(end);
  }
}
