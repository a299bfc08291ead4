/**
 * One request on the wire: what undici calls back, and the deadline that may end it. It takes the time
 * stamps as the bytes arrive and keeps the bytes; what they mean is judged by others. The hot path: one
 * object per request, no stream, no AbortSignal, no header parsed before somebody asks.
 *
 * An answer is over with its last byte, or where its reader says so: then its time is taken, what may come
 * behind it is waited for a little, and only then is the owner told.
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

/** Whoever sent it. */
export interface ExchangeOwner extends BodyReader {
  /** At the end of an answer that nobody called whole: true where the request goes on (`goOn`). Must not throw. */
  goesOn?(exchange: Exchange, end: WireEnd): boolean;
  /** Called once, when it is over, however that came. Must not throw. */
  onEnd(exchange: Exchange, end: WireEnd): void;
  /** After `answered`: the rest of the body has come, or none will. Must not throw. */
  onDrained(exchange: Exchange, isFree: boolean): void;
}

const complete: WireEnd = { kind: 'complete' };
const answered: WireEnd = { kind: 'answered' };
/** So long may a body go on behind its answer before its connection is given up. */
const drainMs = 1000;
/** So long is the end of a body waited for that nobody wants more of: mostly it comes with the last chunk. */
const closingMs = 25;

/** What all exchanges of a load stream share. */
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
  /** The answer's time is taken; more may be read. */
  private hasEnded = false;
  /** The owner is told, or about to be. */
  private isOver = false;
  private isDraining = false;
  /** Its end on the wire, from which on nothing comes in. */
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

  /** Sends; the owner is told when it is over. */
  send(options: Dispatcher.DispatchOptions, deadlineMs: number): void {
    this.recorder.start(this.sample);
    this.setting.deadlines.add(this, deadlineMs, this.sample.startedAtMs);
    this.sendOn(options);
  }

  /** The same request, by another one on the wire: nothing that came so far is its answer. */
  goOn(connection: Connection, deadlineMs: number): void {
    this.forget();
    this.readBody = this.wireEnd = undefined;
    this.connection = connection;
    const isWatched = this.list !== undefined;
    if (!isWatched) this.setting.deadlines.add(this, deadlineMs, this.sample.startedAtMs);
  }

  /** Sends what goes on, unless its deadline has passed meanwhile. */
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
    // What came in before the deadline may be the whole answer.
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

  // What follows is undici's own handler interface: the one that costs it no wrapping.

  onConnect(): void {
    const times = this.connection.takeTimes();
    if (times === undefined) return;
    // A socket of its own, whatever the one before it carried.
    this.connection.served = 0;
    this.connection.connectMs = times.connectMs;
    this.sample.add('connect', times.connectMs);
    if (times.dnsMs !== undefined) this.sample.add('dns', times.dnsMs);
    if (times.tlsMs !== undefined) this.sample.add('tls', times.tlsMs);
  }

  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    // 1xx: the answer is still to come.
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
    // What an error says is wanted whole; of a stream nothing is kept but what its reader keeps.
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
    // undici takes a reset for the end of a body that has no length of its own.
    const error = this.connection.socket?.errored ?? null;
    this.onWireEnd(error === null ? complete : { kind: 'error', error });
  }

  onError(error: unknown): void {
    this.onWireEnd({ kind: 'error', error });
  }

  // What follows is told by whoever reads the body as it comes in.

  onRead(chunk: Buffer, atMs: number, isContent: boolean | undefined): void {
    if (this.hasEnded) return;
    if (isContent ?? this.hasContent(chunk)) this.recorder.progress(this.sample, atMs);
  }

  onAnswered(how: 'ended' | 'whole', atMs: number): void {
    if (this.isOver) return;
    if (!this.hasEnded) this.takeTime(atMs);
    else if (how === 'ended') return;
    if (how === 'whole') this.readBody?.close();
    // Its body has ended, too: whoever has read it to the end goes on.
    if (this.wireEnd !== undefined) return;
    const { deadlines } = this.setting;
    deadlines.remove(this);
    deadlines.add(this, how === 'whole' ? closingMs : drainMs, this.recorder.arrival());
  }

  /** The user's reader is code of others: what it throws ends this request and nothing else. */
  onUnreadable(error: unknown): void {
    this.breakOff({ kind: 'unreadable', error });
  }

  onUndecodable(problem: DecodingProblem): void {
    // What is packed behind the answer is not wanted.
    if (!this.hasEnded) this.breakOff({ kind: 'undecodable', problem });
  }

  /**
   * An answer that has no body, whatever its head announces (RFC 9110, 8.6): undici would wait for one. The
   * connection can't be used again, for undici still does.
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

  /** This side ends it. */
  private breakOff(end: WireEnd): void {
    if (this.isOver) return;
    this.isOver = true;
    this.readBody?.close();
    this.setting.deadlines.remove(this);
    if (!this.hasEnded) this.recorder.finish(this.sample);
    if (this.wireEnd === undefined) this.connection.destroy();
    this.tell(end);
  }

  /** Nothing more comes in. The time stamp comes first, then what came before it is read. */
  private onWireEnd(end: WireEnd): void {
    this.connection.awaitsHead = false;
    if (this.isDraining) this.endDrain(end === complete);
    if (this.isOver) return;
    const nowMs = this.recorder.arrival();
    this.wireEnd = end;
    const isRead = this.readBody?.end(() => {
      this.onBodyRead(end, nowMs);
    });
    // From here on it takes as long as unpacking does: no deadline cuts that off.
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
      // What broke behind the answer is none of its faults; the connection is gone.
      this.tell(answered);
      this.owner.onDrained(this, false);
    }
  }

  /** The answer has ended and its body goes on: nobody waits for that. */
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
    // A connection that broke must not be destroyed from within its own callback.
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
