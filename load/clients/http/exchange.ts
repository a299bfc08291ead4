/**
 * One request on the wire: what undici calls back, and the deadline that may end it. It takes the time
 * stamps as the bytes arrive and keeps the bytes; what they mean is judged by others. The hot path: one
 * object per request, no stream, no AbortSignal, no header parsed before somebody asks.
 */
import type { Dispatcher } from 'undici';
import type { Recorder } from '../../metrics/record/recorder.ts';
import type { Sample } from '../../metrics/record/sample.ts';
import type { Connection } from './connections.ts';
import { UnreadChunks, type ChunkQueue } from './chunk-queue.ts';
import { DataLines, isEventStream } from './event-stream.ts';
import { InFlight, type Deadlines } from '../deadlines.ts';
import type { RequestOptions } from './http.ts';

/** How an exchange ended on the wire. */
export type WireEnd =
  | { readonly kind: 'complete' }
  /** The answer is whole, its body may go on: the connection is not free yet. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'tooLarge' }
  /** Whoever reads the chunks threw. */
  | { readonly kind: 'unreadable'; readonly error: unknown }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'interrupted' };

/** Whoever sent it. */
export interface ExchangeOwner {
  /** Sees each chunk of the body as it arrives; without it the body is kept and nobody is told. */
  readonly onChunk: RequestOptions<unknown>['onChunk'];
  /** Sees each chunk of a body that is kept, and says whether the answer is whole with it. */
  readonly isWhole: RequestOptions<unknown>['isWhole'];
  /** Called once, when it is over, however that came. Must not throw. */
  onEnd(exchange: Exchange, end: WireEnd): void;
  /** After `answered`: the rest of the body has come, or none will. Must not throw. */
  onDrained(exchange: Exchange, isFree: boolean): void;
}

const complete: WireEnd = { kind: 'complete' };
const answered: WireEnd = { kind: 'answered' };
/** So long may a body go on behind its answer before its connection is given up. */
const drainMs = 1000;
const empty = Buffer.alloc(0);

/** What all exchanges of a load stream share. */
export interface ExchangeSetting {
  readonly deadlines: Deadlines;
  readonly chunks: ChunkQueue;
  readonly maxBodyBytes: number;
}

export class Exchange extends InFlight {
  readonly sample: Sample;
  readonly connection: Connection;
  status = 0;
  /** Names and values in turn, as they came. */
  rawHeaders: readonly Buffer[] = [];
  /** A bit for each header there is, by length and first letter: most that are asked for are not there. */
  private present = 0;
  private readonly recorder: Recorder;
  private readonly setting: ExchangeSetting;
  private readonly owner: ExchangeOwner;
  private first: Buffer | undefined;
  private rest: Buffer[] | undefined;
  private size = 0;
  private isOver = false;
  private unread: UnreadChunks | undefined;
  private unreadable: WireEnd | undefined;
  private isDraining = false;
  /** `undefined` until the body begins; null where all of its bytes are content. */
  private dataLines: DataLines | null | undefined;

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
    this.connection.dispatcher.dispatch(options, this);
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
    if ((this.present & bitOf(name.length, name.charCodeAt(0))) === 0) return undefined;
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
    if (this.isDraining) this.endDrain(false);
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
    this.sample.add('connect', times.connectMs);
    if (times.dnsMs !== undefined) this.sample.add('dns', times.dnsMs);
    if (times.tlsMs !== undefined) this.sample.add('tls', times.tlsMs);
  }

  onHeaders(status: number, rawHeaders: Buffer[]): boolean {
    // 1xx: the answer is still to come.
    if (status < 200) return true;
    this.status = status;
    this.rawHeaders = rawHeaders;
    for (let i = 0; i < rawHeaders.length; i += 2) {
      const key = rawHeaders[i]!;
      this.present |= bitOf(key.length, key[0]! | 0x20);
    }
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.isOver) return true;
    const nowMs = this.recorder.arrival();
    this.size += chunk.length;
    if (this.size > this.setting.maxBodyBytes) {
      this.finish({ kind: 'tooLarge' });
      this.connection.destroy();
      return true;
    }
    const { onChunk, isWhole } = this.owner;
    // What an error says is wanted whole; of a stream nothing is kept but what its reader keeps.
    if (onChunk !== undefined && this.status < 300) {
      this.keep(chunk, nowMs);
      return true;
    }
    if (this.hasContent(chunk)) this.recorder.progress(this.sample, nowMs);
    if (this.first === undefined) this.first = chunk;
    else (this.rest ??= []).push(chunk);
    if (isWhole !== undefined) this.look(chunk, nowMs, isWhole);
    return true;
  }

  onComplete(): void {
    // undici takes a reset for the end of a body that has no length of its own.
    const error = this.connection.socket?.errored ?? null;
    if (this.isDraining) this.endDrain(error === null);
    this.finish(error === null ? complete : { kind: 'error', error });
  }

  onError(error: unknown): void {
    if (this.isDraining) this.endDrain(false);
    this.finish({ kind: 'error', error });
  }

  private keep(chunk: Buffer, atMs: number): void {
    this.unread ??= new UnreadChunks(
      (bytes, arrivedMs) => {
        this.read(bytes, arrivedMs);
      },
      (error) => {
        this.breakOff(error);
      },
    );
    this.unread.push(chunk, atMs);
    this.setting.chunks.add(this.unread);
  }

  private read(chunk: Buffer, atMs: number): void {
    const told = this.owner.onChunk!(chunk, atMs);
    const isContent = typeof told === 'boolean' ? told : this.hasContent(chunk);
    if (isContent) this.recorder.progress(this.sample, atMs);
  }

  /**
   * A server that delivers does not stand still, whatever it delivers. One that only keeps the connection
   * alive may well: its comments and empty events are no content. Packed bytes can't be told apart.
   */
  private hasContent(chunk: Buffer): boolean {
    if (this.dataLines === undefined) {
      const isStream =
        isEventStream(this.header('content-type')) && this.header('content-encoding') === undefined;
      this.dataLines = isStream ? new DataLines() : null;
    }
    return this.dataLines === null || this.dataLines.areIn(chunk);
  }

  /** The user's reader is code of others: what it throws ends this request and nothing else. */
  private breakOff(error: unknown): void {
    this.unreadable = { kind: 'unreadable', error };
    this.finish(this.unreadable);
    this.connection.destroy();
  }

  /** Ends the request with the chunk that makes its answer whole; what follows is read and dropped. */
  private look(chunk: Buffer, atMs: number, isWhole: NonNullable<ExchangeOwner['isWhole']>): void {
    try {
      if (!isWhole(chunk, this)) return;
    } catch (error) {
      this.breakOff(error);
      return;
    }
    this.isDraining = true;
    this.finish(answered, atMs);
  }

  private finish(end: WireEnd, atMs?: number): void {
    if (this.isOver) return;
    this.isOver = true;
    // The time stamp comes first: nothing is parsed before it.
    this.recorder.finish(this.sample, atMs);
    this.setting.deadlines.remove(this);
    if (end === answered) this.setting.deadlines.add(this, drainMs, this.sample.endedAtMs);
    this.close(end);
  }

  private endDrain(isFree: boolean): void {
    this.isDraining = false;
    this.setting.deadlines.remove(this);
    this.owner.onDrained(this, isFree);
  }

  private close(end: WireEnd): void {
    this.unread?.readAll();
    this.sample.bytesReceived = this.size;
    const how = this.unreadable ?? end;
    // A connection that broke must not be destroyed from within its own callback.
    if (how === complete || how === answered) this.owner.onEnd(this, how);
    else
      queueMicrotask(() => {
        this.owner.onEnd(this, how);
      });
  }
}

/** The bit of a header's name, which is in lower case. */
function bitOf(length: number, firstLetter: number): number {
  return 1 << ((length + firstLetter) & 31);
}
