/**
 * A slice's side of a meeting: held from the beginning of a test to its end. It measures the clocks, gets
 * or gives the shared system, waits for the common start, and hears when the others are not whole any more.
 */
import { request, type ClientRequest } from 'node:http';
import { hostname } from 'node:os';
import { backgroundClock, systemClock, type Timer } from '../platform/clock.ts';
import type { ClockOffset } from '../metrics/log/slices-in-log.ts';
import { Signal } from '../platform/signal.ts';
import type { Slice } from '../workload/slice.ts';
import { awaitCoordinator } from './await-coordinator.ts';
import { offsetOf, type TimeExchange } from './clock-offset.ts';
import { sessionPath } from './coordinator.ts';
import {
  beatMs,
  fromCoordinatorSchema,
  longestReason,
  messageLine,
  messageReader,
  silenceMs,
  type FromCoordinator,
  type FromSlice,
  type SharedTarget,
} from './messages.ts';

export interface SessionRequest {
  readonly coordinator: string;
  readonly secret: string;
  readonly runId: string;
  readonly slice: Slice;
  /** The same words in every slice. */
  readonly test: string;
  /** How long it waits for a coordinator that is not there yet; default 60 s. */
  readonly patienceMs?: number | undefined;
}

const defaultPatienceMs = 60_000;

/** Enough that one of them meets no other traffic. */
const exchangesWanted = 8;

/** Why no load may begin, or go on: not all slices are there. */
export class BrokenUnion extends Error {}

export class SliceSession {
  readonly slice: Slice;
  private readonly clock = backgroundClock();
  private readonly wire: ClientRequest;
  private readonly exchanges: TimeExchange[] = [];
  private readonly brokenSignal = new Signal();
  private readonly left = new Signal();
  private onPong: ((theirsMs: number) => void) | undefined;
  private onTarget: ((target: SharedTarget) => void) | undefined;
  private onStart: ((epochMs: number) => void) | undefined;
  private target: SharedTarget | undefined;
  private reason: string | undefined;
  private hasLeft = false;
  private heardMs = this.clock.now();
  private timer: Timer | undefined;
  /** Called once, when the others are not whole any more. */
  onBroken: (reason: string) => void = () => undefined;

  private constructor({ coordinator, secret, slice }: SessionRequest) {
    this.slice = slice;
    const url = new URL(sessionPath, coordinator);
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/x-ndjson' };
    this.wire = request(url, { method: 'POST', headers, agent: false });
    this.wire.on('error', (error) => {
      this.lose(`the coordinator (${coordinator}) is not there: ${error.message}`);
    });
    this.wire.on('response', (response) => {
      response.setEncoding('utf8');
      if (response.statusCode !== 200) {
        response.on('data', (text: string) => {
          this.lose(`refused by the coordinator (${coordinator}): ${text.trim()}`);
        });
        return;
      }
      const read = messageReader(fromCoordinatorSchema, (message) => {
        this.hear(message);
      });
      response.on('data', (chunk: string) => {
        this.heardMs = this.clock.now();
        try {
          read(chunk);
        } catch (error) {
          const { message } = error as Error;
          this.lose(`the coordinator (${coordinator}) said what is not understood: ${message}`);
        }
      });
      response
        .on('error', () => undefined)
        .once('close', () => {
          this.lose(`the coordinator (${coordinator}) was lost: its connection ended`);
        });
    });
    this.wire.flushHeaders();
  }

  /** Rejects, in words, where the coordinator is not there or lets nobody in. */
  static async open(asked: SessionRequest): Promise<SliceSession> {
    await awaitCoordinator(asked.coordinator, systemClock(), asked.patienceMs ?? defaultPatienceMs);
    const session = new SliceSession(asked);
    const { runId, slice, test } = asked;
    session.beat();
    for (let n = 0; n < exchangesWanted; n++) await session.orBroken(session.exchangeTime(n));
    session.say({
      type: 'hello',
      runId,
      slice: { ...slice },
      test,
      host: hostname(),
      pid: process.pid,
    });
    // An answer that comes after it: the others know of this slice now.
    await Promise.race([session.exchangeTime(exchangesWanted), session.left.raised]);
    return session;
  }

  get isFirst(): boolean {
    return this.slice.index === 1;
  }

  get clockOffset(): ClockOffset {
    return offsetOf(this.exchanges);
  }

  /** The first slice gives the others the system that all of them load. */
  giveTarget(target: SharedTarget): void {
    this.say({ type: 'target', target });
  }

  async sharedTarget(): Promise<SharedTarget> {
    return this.orBroken(
      new Promise((resolve) => {
        if (this.target !== undefined) resolve(this.target);
        else this.onTarget = resolve;
      }),
    );
  }

  /** Resolves when all are ready, with how long it is until the load starts, asked anew at each call. */
  async ready(load: number, plan: string): Promise<() => number> {
    const theirs = await this.orBroken(
      new Promise<number>((resolve) => {
        this.onStart = resolve;
        this.say({ type: 'ready', load, plan });
      }),
    );
    const ours = theirs + this.clockOffset.offsetMs - this.clock.epochMs;
    return () => ours - this.clock.now();
  }

  /** Ends the load of all the others, too. */
  fail(reason: string): void {
    this.say({ type: 'failed', reason: reason.slice(0, longestReason) });
  }

  /** Why the slices are not whole any more. */
  get brokenReason(): string | undefined {
    return this.reason;
  }

  /** Says good-bye and waits until nobody needs the shared system any more. Safe to call again. */
  async leave(): Promise<void> {
    if (this.hasLeft) return this.left.raised;
    this.say({ type: 'leave' });
    this.hasLeft = true;
    if (!this.wire.destroyed) await this.left.raised;
    if (this.timer !== undefined) this.clock.cancel(this.timer);
    this.wire.destroy();
  }

  private hear(message: FromCoordinator): void {
    if (message.type === 'pong') this.onPong?.(message.epochMs);
    else if (message.type === 'target') {
      this.target = message.target;
      this.onTarget?.(message.target);
    } else if (message.type === 'start') this.onStart?.(message.epochMs);
    else if (message.type === 'broken') this.break(message.reason);
    else if (message.type === 'allLeft') this.left.raise();
  }

  private async exchangeTime(n: number): Promise<void> {
    const nowMs = (): number => this.clock.epochMs + this.clock.now();
    const askedMs = nowMs();
    const theirsMs = await new Promise<number>((resolve) => {
      this.onPong = resolve;
      this.say({ type: 'ping', n });
    });
    this.exchanges.push({ askedMs, answeredMs: nowMs(), theirsMs });
  }

  private async orBroken<T>(wanted: Promise<T>): Promise<T> {
    const broken = this.brokenSignal.raised.then(() => {
      throw new BrokenUnion(this.reason);
    });
    return Promise.race([wanted, broken]);
  }

  private say(message: FromSlice): void {
    if (!this.wire.destroyed && !this.wire.writableEnded) this.wire.write(messageLine(message));
  }

  private beat(): void {
    const { clock } = this;
    this.timer = clock.at(clock.now() + beatMs, () => {
      this.say({ type: 'beat' });
      if (clock.now() - this.heardMs > silenceMs) {
        this.lose(`the coordinator was lost: silent for ${silenceMs / 1000} s`);
      } else this.beat();
    });
  }

  /** No news can come any more: then nobody is waited for. */
  private lose(reason: string): void {
    this.left.raise();
    this.break(reason);
  }

  /** The first reason stands. */
  private break(reason: string): void {
    if (this.reason !== undefined || this.hasLeft) return;
    this.reason = reason;
    this.brokenSignal.raise();
    this.onBroken(reason);
  }
}
