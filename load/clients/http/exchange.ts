/**
 * One request on the wire: undici's callbacks, and the deadline that may end it. It takes the time stamps
 * as the bytes arrive and keeps the bytes; other code judges them. This is the hot path: one object per
 * request, no stream, no AbortSignal, no header parsed before it is needed.
 * An answer ends with its last byte, or when its reader says so. Its time is taken then, the bytes behind
 * it are waited for briefly, and only then is the owner told.
 */
import type { Dispatcher } from 'undici';
import type { Recorder } from '../../metrics/record/recorder.ts';
import type { Sample } from '../../metrics/record/sample.ts';
import type { Connection } from './connections.ts';
import type { ChunkQueue } from './chunk-queue.ts';
import type { DecodingProblem } from './decode-body.ts';
import type { Deadlines } from '../deadlines.ts';
import { IncomingAnswer } from './incoming-answer.ts';
import type { WireEnd } from './wire-end.ts';
import { ReadBody, type BodyReader, type ReadBodyOwner } from './read-body.ts';

/** The sender of the request. */
export interface ExchangeOwner extends BodyReader {
  /** Called when an incomplete answer ends. Returns true if the request goes on (`goOn`). Must not throw. */
  goesOn?(exchange: Exchange, end: WireEnd): boolean;
  /** Called once when the exchange is over, for any reason. Must not throw. */
  onEnd(exchange: Exchange, end: WireEnd): void;
  /** Called after `answered`, when the rest of the body has arrived or will not arrive. Must not throw. */
  onDrained(exchange: Exchange, isFree: boolean): void;
}

const complete: WireEnd = { kind: 'complete' };
const answered: WireEnd = { kind: 'answered' };
/** How long a body may go on behind its answer before its connection is closed. */
const drainMs = 1000;
/** How long to wait for the end of a body that is not needed. Mostly it comes with the last chunk. */
const closingMs = 25;

/** All exchanges of a load stream share these. */
export interface ExchangeSetting {
  readonly deadlines: Deadlines;
  readonly chunks: ChunkQueue;
  readonly maxBodyBytes: number;
}

export class Exchange extends IncomingAnswer implements ReadBodyOwner {
  readonly sample: Sample;
  connection: Connection;
  private readonly recorder: Recorder;
  private readonly setting: ExchangeSetting;
  private readonly owner: ExchangeOwner;
  private size = 0;
  private readBody: ReadBody | undefined;
  /** True when the answer's time is taken. More bytes may still be read. */
  private hasEnded = false;
  /** True when the owner has been told or is about to be. */
  private isOver = false;
  private isDraining = false;
  /** How it ended on the wire; after that nothing arrives. */
  private wireEnd: WireEnd | undefined;

  constructor(
    sample: Sample,
    connection: Connection,
    recorder: Recorder,
    setting: ExchangeSetting,
    owner: ExchangeOwner,
  ) {
    super();
    this.sample = sample;
    this.connection = connection;
    this.recorder = recorder;
    this.setting = setting;
    this.owner = owner;
  }

  /** Sends the request. The owner is told when it is over. */
  send(options: Dispatcher.DispatchOptions, deadlineMs: number): void {
    this.recorder.start(this.sample);
    this.setting.deadlines.add(this, deadlineMs, this.sample.startedAtMs);
    this.sendOn(options);
  }

  /** Continues the same request with another one on the wire. What came so far is not its answer. */
  goOn(connection: Connection, deadlineMs: number): void {
    this.forget();
    this.readBody = this.wireEnd = undefined;
    this.connection = connection;
    const isWatched = this.list !== undefined;
    if (!isWatched) this.setting.deadlines.add(this, deadlineMs, this.sample.startedAtMs);
  }

  /** Sends the continuation, unless the deadline has passed meanwhile. */
  sendOn(options: Dispatcher.DispatchOptions): void {
    if (this.isOver) return;
    this.connection.awaitsHead = true;
    this.connection.dispatcher.dispatch(options, this);
  }

  override get isPacked(): boolean {
    return this.readBody === undefined;
  }

  expire(reason: 'timeout' | 'interrupted'): void {
    if (this.isDraining) this.endDrain(false);
    const { hasEnded: hadEnded } = this;
    // The bytes that arrived before the deadline may be the complete answer.
    this.readBody?.readRest();
    if (this.isOver) return;
    if (this.hasEnded) {
      if (hadEnded || reason === 'interrupted') this.leaveBody(reason);
      return;
    }
    this.isOver = true;
    this.readBody?.close();
    this.recorder.giveUp(this.sample);
    this.connection.destroy();
    this.tell({ kind: reason });
  }

  // The methods below are undici's own handler interface, the one that it does not have to wrap.

  onConnect(): void {
    const times = this.connection.takeTimes();
    if (times === undefined) return;
    // A new socket has carried no requests yet, whatever the one before it carried.
    this.connection.served = 0;
    this.connection.connectMs = times.connectMs;
    this.sample.add('connect', times.connectMs);
    if (times.dnsMs !== undefined) this.sample.add('dns', times.dnsMs);
    if (times.tlsMs !== undefined) this.sample.add('tls', times.tlsMs);
  }

  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    // 1xx: the final answer is still to come.
    if (status < 200) return true;
    this.takeHead(status, rawHeaders);
    this.connection.awaitsHead = false;
    if (status === 304 || status === 204) this.endByHead();
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.isOver) return true;
    const nowMs = this.recorder.arrival();
    this.size += chunk.length;
    if (this.size > this.setting.maxBodyBytes) {
      if (this.hasEnded) this.leaveBody('interrupted');
      else this.breakOff({ kind: 'tooLarge' });
      return true;
    }
    const { owner, setting } = this;
    const { onChunk, isWhole } = owner;
    // The body of an error is kept whole. A stream keeps only what its reader keeps.
    if (isWhole !== undefined || (onChunk !== undefined && this.status < 300)) {
      this.readBody ??= new ReadBody(this, owner, setting.chunks, setting.maxBodyBytes);
      this.readBody.add(chunk, nowMs);
      return true;
    }
    this.keep(chunk);
    if (this.hasContent(chunk)) this.recorder.progress(this.sample, nowMs);
    return true;
  }

  onComplete(): void {
    // undici reports a reset as the normal end of a body that has no length.
    const error = this.connection.socket?.errored ?? null;
    this.onWireEnd(error === null ? complete : { kind: 'error', error });
  }

  onError(error: unknown): void {
    this.onWireEnd({ kind: 'error', error });
  }

  // The reader of the body reports what follows.

  onRead(chunk: Buffer, atMs: number, isContent: boolean | undefined): void {
    if (this.hasEnded) return;
    if (isContent ?? this.hasContent(chunk)) this.recorder.progress(this.sample, atMs);
  }

  onAnswered(how: 'ended' | 'whole', atMs: number): void {
    if (this.isOver) return;
    if (!this.hasEnded) this.takeTime(atMs);
    else if (how === 'ended') return;
    if (how === 'whole') this.readBody?.close();
    // The body has ended too. If it is read to its end, the request may go on.
    if (this.wireEnd !== undefined) return;
    const { deadlines } = this.setting;
    deadlines.remove(this);
    deadlines.add(this, how === 'whole' ? closingMs : drainMs, this.recorder.arrival());
  }

  /** The reader is the user's code. What it throws ends this request and nothing else. */
  onUnreadable(error: unknown): void {
    this.breakOff({ kind: 'unreadable', error });
  }

  onUndecodable(problem: DecodingProblem): void {
    // Encoded bytes behind the answer are not needed.
    if (!this.hasEnded) this.breakOff({ kind: 'undecodable', problem });
  }

  /**
   * An answer that has no body, whatever its head announces (RFC 9110, 8.6). undici would wait for one,
   * so the connection cannot be used again.
   */
  private endByHead(): void {
    const length = this.header('content-length');
    const announces = length !== undefined && Number(length) !== 0;
    if (this.isOver || (!announces && this.header('transfer-encoding') === undefined)) return;
    this.isOver = true;
    this.setting.deadlines.remove(this);
    this.takeTime(this.recorder.arrival());
    this.tell(answered);
    this.owner.onDrained(this, false);
  }

  protected onNoRoom(): void {
    this.breakOff({ kind: 'noRoom' });
  }

  private takeTime(atMs: number): void {
    this.hasEnded = true;
    this.recorder.finish(this.sample, atMs);
  }

  /** Ends the exchange from this side. */
  private breakOff(end: WireEnd): void {
    if (this.isOver) return;
    this.isOver = true;
    this.readBody?.close();
    this.setting.deadlines.remove(this);
    if (!this.hasEnded) this.recorder.finish(this.sample);
    if (this.wireEnd === undefined) this.connection.destroy();
    this.tell(end);
  }

  /** Nothing more arrives. The time stamp is taken first, then the unread bytes are read. */
  private onWireEnd(end: WireEnd): void {
    this.connection.awaitsHead = false;
    if (this.isDraining) this.endDrain(end === complete);
    if (this.isOver) return;
    const nowMs = this.recorder.arrival();
    this.wireEnd = end;
    const isRead = this.readBody?.end(() => {
      this.onBodyRead(end, nowMs);
    });
    // No deadline applies from here on: decoding the rest takes as long as it takes.
    if (isRead === false) this.setting.deadlines.remove(this);
    else this.onBodyRead(end, nowMs);
  }

  private onBodyRead(end: WireEnd, atMs: number): void {
    this.readBody?.readRest();
    if (this.isOver) return;
    if (!this.hasEnded && this.owner.goesOn?.(this, end) === true) return;
    this.isOver = true;
    this.setting.deadlines.remove(this);
    if (!this.hasEnded) {
      this.takeTime(atMs);
      this.tell(end);
    } else if (end === complete) this.tell(complete);
    else {
      // An error behind the answer does not count against it, but the connection is lost.
      this.tell(answered);
      this.owner.onDrained(this, false);
    }
  }

  /** The answer has ended and its body goes on. Nobody waits for the rest. */
  private leaveBody(reason: 'timeout' | 'interrupted'): void {
    this.isOver = true;
    this.isDraining = true;
    this.readBody?.close();
    this.setting.deadlines.remove(this);
    this.tell(answered);
    if (reason === 'interrupted') this.endDrain(false);
    else this.setting.deadlines.add(this, drainMs, this.recorder.arrival());
  }

  private endDrain(isFree: boolean): void {
    this.isDraining = false;
    this.setting.deadlines.remove(this);
    this.owner.onDrained(this, isFree);
  }

  private tell(end: WireEnd): void {
    this.sample.bytesReceived = this.size;
    // A broken connection must not be destroyed from within its own callback.
    if (end === complete || end === answered) this.handOver(end);
    else
      queueMicrotask(() => {
        this.handOver(end);
      });
  }

  private handOver(end: WireEnd): void {
    this.owner.onEnd(this, end);
    this.letGo();
  }
}
