/**
 * A slice's connection to the coordinator, which lasts as long as a test. It measures the clock offset,
 * gets or provides the shared system, waits at the barrier for the common start, and is informed when a
 * slice is lost.
 */
import { once } from 'node:events';
import { request, type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as secureRequest } from 'node:https';
import { hostname } from 'node:os';
import type { ClockOffset, SliceLoss } from '../metrics/log/slices-in-log.ts';
import { backgroundClock, systemClock, type Clock } from '../platform/clock.ts';
import { reasonOf } from '../platform/words.ts';
import { Latch } from '../platform/latch.ts';
import type { Slice } from '../workload/slice.ts';
import { offsetOf, type TimeExchange } from './clock-offset.ts';
import {
  fromCoordinatorSchema,
  Heartbeat,
  longestReason,
  messageLine,
  messageReader,
  sessionPath,
  type FromCoordinator,
  type FromSlice,
  type SharedTarget,
} from './messages.ts';

interface SessionRequest {
  readonly coordinator: string;
  readonly secret: string;
  readonly runId: string;
  readonly slice: Slice;
  /** The same text in every slice. */
  readonly test: string;
  /** How long it waits for a coordinator that is not there yet. Default: 60 s. */
  readonly patienceMs?: number | undefined;
}

const defaultPatienceMs = 60_000;

/** With this many exchanges, one of them is likely to be undisturbed by other traffic. */
const exchangesWanted = 8;

/** Thrown when no load may begin or go on, because slices are missing. */
export class SliceLost extends Error {
  readonly loss: SliceLoss;

  constructor(loss: SliceLoss) {
    super(loss.reason);
    this.loss = loss;
  }
}

export class SliceSession {
  private readonly slice: Slice;
  private readonly clock = backgroundClock();
  private readonly wire: ClientRequest;
  private readonly heartbeat: Heartbeat;
  private readonly exchanges: TimeExchange[] = [];
  private readonly lossLatch = new Latch();
  private readonly allLeft = new Latch();
  private onPong: ((theirsMs: number) => void) | undefined;
  private onTarget: ((target: SharedTarget) => void) | undefined;
  private onStart: ((epochMs: number) => void) | undefined;
  private target: SharedTarget | undefined;
  private firstLoss: SliceLoss | undefined;
  private hasLeft = false;

  private constructor({ coordinator, secret, slice }: SessionRequest) {
    this.slice = slice;
    const url = new URL(sessionPath, coordinator);
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/x-ndjson' };
    this.wire = requestTo(url, { method: 'POST', headers });
    this.wire.on('error', (error) => {
      this.loseCoordinator(`the coordinator (${coordinator}) is not there: ${error.message}`);
    });
    this.wire.on('response', (response) => {
      this.readFrom(response, `the coordinator (${coordinator})`);
    });
    this.wire.flushHeaders();
    const send = this.say.bind(this, { type: 'heartbeat' });
    this.heartbeat = new Heartbeat(this.clock, send, (text) => {
      this.loseCoordinator(`the coordinator was lost: ${text}`);
    });
  }

  /** Rejects, in words, if the coordinator is not there or refuses the slice. */
  static async open(asked: SessionRequest): Promise<SliceSession> {
    await awaitCoordinator(asked.coordinator, systemClock(), asked.patienceMs ?? defaultPatienceMs);
    const session = new SliceSession(asked);
    const { runId, slice, test } = asked;
    for (let n = 0; n < exchangesWanted; n++) await session.unlessLost(session.exchangeTime(n));
    const { pid } = process;
    session.say({ type: 'hello', runId, slice: { ...slice }, test, host: hostname(), pid });
    // This answer shows that the other slices know of this one.
    await Promise.race([session.exchangeTime(exchangesWanted), session.allLeft.released]);
    return session;
  }

  get isFirst(): boolean {
    return this.slice.index === 1;
  }

  get clockOffset(): ClockOffset {
    return offsetOf(this.exchanges);
  }

  /** Why slices are missing; undefined while all are there. */
  get loss(): SliceLoss | undefined {
    return this.firstLoss;
  }

  /** Resolves when a slice is missing. Never resolves if all stay to the end. */
  async lost(): Promise<SliceLoss> {
    await this.lossLatch.released;
    return this.firstLoss!;
  }

  /** Used by the first slice to give the others the system under load. */
  giveTarget(target: SharedTarget): void {
    this.say({ type: 'target', target });
  }

  async sharedTarget(): Promise<SharedTarget> {
    return this.unlessLost(
      new Promise((resolve) => {
        if (this.target !== undefined) resolve(this.target);
        else this.onTarget = resolve;
      }),
    );
  }

  /**
   * Waits at the barrier until all slices are ready. Resolves with a function that returns the time until
   * the load starts. Rejects with a `SliceLost` if a slice does not come.
   */
  async ready(load: number, plan: string): Promise<() => number> {
    const theirs = await this.unlessLost(
      new Promise<number>((resolve) => {
        this.onStart = resolve;
        this.say({ type: 'ready', load, plan });
      }),
    );
    const ours = theirs + this.clockOffset.offsetMs - this.clock.epochMs;
    return () => ours - this.clock.now();
  }

  /** Ends the load of all slices. */
  fail(reason: string, kind: 'failed' | 'interrupted' = 'failed'): void {
    this.say({ type: 'failed', kind, reason: reason.slice(0, longestReason) });
  }

  /** Leaves the barrier and waits until no slice needs the shared system. Safe to call again. */
  async leave(): Promise<void> {
    if (this.hasLeft) return this.allLeft.released;
    this.say({ type: 'leave' });
    this.hasLeft = true;
    if (!this.wire.destroyed) await this.allLeft.released;
    this.heartbeat.stop();
    this.wire.destroy();
  }

  private readFrom(response: IncomingMessage, coordinator: string): void {
    response.setEncoding('utf8');
    if (response.statusCode !== 200) {
      response.on('data', (text: string) => {
        const reason = `refused by ${coordinator}: ${text.trim()}`;
        this.lose({ kind: 'refused', slices: [this.slice.index], reason });
      });
      return;
    }
    const read = messageReader(fromCoordinatorSchema, (message) => {
      this.hear(message);
    });
    response.on('data', (chunk: string) => {
      this.heartbeat.heard();
      try {
        read(chunk);
      } catch (error) {
        this.loseCoordinator(
          `${coordinator} sent a message that is not understood: ${reasonOf(error)}`,
        );
      }
    });
    response
      .on('error', () => undefined)
      .once('close', () => {
        this.loseCoordinator(`${coordinator} was lost: its connection ended`);
      });
  }

  private hear(message: FromCoordinator): void {
    if (message.type === 'pong') this.onPong?.(message.epochMs);
    else if (message.type === 'target') {
      this.target = message.target;
      this.onTarget?.(message.target);
    } else if (message.type === 'start') this.onStart?.(message.epochMs);
    else if (message.type === 'lost') this.end(message.loss);
    else if (message.type === 'allLeft') this.allLeft.release();
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

  private async unlessLost<T>(wanted: Promise<T>): Promise<T> {
    const lost = this.lost().then((loss) => {
      throw new SliceLost(loss);
    });
    return Promise.race([wanted, lost]);
  }

  private say(message: FromSlice): void {
    if (!this.wire.destroyed && !this.wire.writableEnded) this.wire.write(messageLine(message));
  }

  private loseCoordinator(reason: string): void {
    this.lose({ kind: 'coordinator', slices: [], reason });
  }

  /** No further messages can come, so nothing is waited for. */
  private lose(loss: SliceLoss): void {
    this.allLeft.release();
    this.end(loss);
  }

  /** The first reason stands. */
  private end(loss: SliceLoss): void {
    if (this.firstLoss !== undefined || this.hasLeft) return;
    this.firstLoss = loss;
    this.lossLatch.release();
  }
}

const retryMs = 500;

/**
 * Slices and coordinator are often started together, and the first one waits for the other. Resolves when
 * the coordinator answers, or after `patienceMs`; the caller then meets the error.
 */
export async function awaitCoordinator(
  coordinator: string,
  clock: Clock,
  patienceMs: number,
): Promise<void> {
  const untilMs = clock.now() + patienceMs;
  while (!(await answers(coordinator)) && clock.now() < untilMs) {
    await clock.until(clock.now() + retryMs);
  }
}

async function answers(coordinator: string): Promise<boolean> {
  const asked = requestTo(new URL('/health', coordinator), { timeout: 5000 });
  asked.once('timeout', () => asked.destroy()).once('response', (response) => response.resume());
  asked.end();
  // Any answer shows that the coordinator is there.
  return once(asked, 'response').then(
    () => true,
    () => false,
  );
}

/** Uses a separate connection. */
function requestTo(url: URL, options: RequestOptions): ClientRequest {
  const send = url.protocol === 'https:' ? secureRequest : request;
  return send(url, { ...options, agent: false });
}
