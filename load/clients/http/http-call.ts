/**
 * One request of a task, from its address to its reply: redirects, judgement, and the error for the task.
 * This is the hot path: what can be decided in the same turn of the event loop as the last byte is
 * decided there, without a promise in between.
 */
import type { Dispatcher } from 'undici';
import { labelTexts } from '../../metrics/record/label-text.ts';
import type { Sample } from '../../metrics/record/sample.ts';
import type { Connection, ConnectionPool } from './connections.ts';
import { decodeBody, type DecodingProblem } from './decode-body.ts';
import { Exchange, type ExchangeOwner, type ExchangeSetting } from './exchange.ts';
import type { HttpDefaults, Reply, RequestOptions } from './http.ts';
import { HttpAnswer, HttpReply } from './http-answer.ts';
import { traceIdOf, type Hops } from './server-timing.ts';
import { isExpected, judgeResponse, type Judged } from './judge-response.ts';
import { judgeWireEnd } from './judge-wire-end.ts';
import { resumed, type Outgoing, type TargetAddress } from './outgoing.ts';
import { nextHop } from './redirect.ts';
import { redactDetail, redactUrl, secretsOf } from '../redaction.ts';
import type { WireEnd } from './wire-end.ts';
import { RequestNotOk, type RequestScope } from '../scope.ts';

/** The HTTP clients of one load stream share these. */
export interface HttpSetting extends ExchangeSetting, TargetAddress {
  readonly defaults: HttpDefaults;
  readonly isHostAllowed: (hostname: string) => boolean;
  readonly isTargetAllowed: boolean;
  /** Removed from every text that is kept. */
  readonly secrets: readonly string[];
  readonly epochMs: number;
  readonly hops: Hops;
}

/** The client that sends the request. */
export interface CallClient {
  readonly scope: RequestScope;
  readonly setting: HttpSetting;
  readonly pool: ConnectionPool;
  headersFor(outgoing: Outgoing, sample: Sample): readonly string[];
  storeCookies(exchange: Exchange, outgoing: Outgoing): void;
}

export class HttpCall<T> implements ExchangeOwner {
  /** Resolves with a reply that is `ok`; rejects with `RequestNotOk`. */
  readonly reply: Promise<Reply<T>>;
  private readonly client: CallClient;
  private readonly options: RequestOptions<T>;
  private readonly deadlineMs: number;
  private outgoing: Outgoing;
  private resolve!: (reply: Reply<T>) => void;
  private reject!: (error: unknown) => void;

  constructor(
    client: CallClient,
    options: RequestOptions<T>,
    outgoing: Outgoing,
    deadlineMs: number,
  ) {
    this.client = client;
    this.options = options;
    this.outgoing = outgoing;
    this.deadlineMs = deadlineMs;
    this.reply = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  send(): void {
    const { outgoing, options } = this;
    const { scope, setting, pool } = this.client;
    let sample: Sample;
    try {
      const labels = options.labels && labelTexts(options.labels);
      sample = scope.schedule(outgoing.name, outgoing.method);
      if (labels !== undefined) sample.labels = { ...sample.labels, ...labels };
    } catch (error) {
      this.fail(error);
      return;
    }
    if (!this.isAllowed()) {
      sample.judge('failed', 'generator', 'this host is not in LOAD_ALLOW_HOSTS');
      this.refuse(sample, 0);
      return;
    }
    sample.bytesSent = outgoing.payload?.bytes.length ?? 0;
    const connection = pool.acquire(outgoing.origin);
    const exchange = new Exchange(sample, connection, scope.recorder, setting, this);
    exchange.send(this.dispatchOptions(sample), this.deadlineMs);
  }

  onEnd(exchange: Exchange, end: WireEnd): void {
    try {
      if (this.takeBack(exchange, end)) this.follow(exchange);
    } catch (error) {
      this.fail(error);
    }
  }

  goesOn(exchange: Exchange, end: WireEnd): boolean {
    const next = this.options.resume?.(exchange);
    if (next === undefined) return false;
    const { scope, pool } = this.client;
    if (end.kind === 'complete') this.free(exchange.connection);
    else exchange.connection.destroySoon();
    this.outgoing = resumed(this.outgoing, next.headers);
    exchange.goOn(pool.acquire(this.outgoing.origin), this.deadlineMs);
    scope.clock.at(scope.clock.now() + next.afterMs, () => {
      exchange.sendOn(this.dispatchOptions(exchange.sample));
    });
    return true;
  }

  get onChunk(): RequestOptions<T>['onChunk'] {
    return this.options.onChunk;
  }

  get isWhole(): RequestOptions<T>['isWhole'] {
    return this.options.isWhole;
  }

  onDrained({ connection }: Exchange, isFree: boolean): void {
    if (isFree) this.free(connection);
    else connection.destroySoon();
  }

  private isAllowed(): boolean {
    const { origin, isTargetAllowed, isHostAllowed } = this.client.setting;
    const { outgoing } = this;
    return outgoing.origin === origin
      ? isTargetAllowed
      : isHostAllowed(new URL(outgoing.origin).hostname);
  }

  private dispatchOptions(sample: Sample): Dispatcher.DispatchOptions {
    const { client, outgoing } = this;
    return {
      origin: outgoing.origin,
      path: outgoing.path,
      method: outgoing.method,
      headers: client.headersFor(outgoing, sample) as string[],
      body: outgoing.payload?.bytes ?? null,
      // A connection carries one request at a time, so undici need not look for the next one at each head.
      blocking: false,
      // Asks the server to close too, so that the port in TIME_WAIT is the server's.
      reset: !client.pool.isReusing,
    };
  }

  /** Gives the connection back, or closes it if the exchange did not complete; then ends the request. */
  private takeBack(exchange: Exchange, end: WireEnd): boolean {
    const { connection } = exchange;
    if (end.kind === 'complete') this.free(connection);
    if (end.kind === 'complete' || end.kind === 'answered') return true;
    connection.destroy();
    if (end.kind === 'undecodable') {
      this.lookAtBroken(exchange);
      this.judgePacked(exchange, end.problem);
      return false;
    }
    judgeWireEnd(exchange, end, connection.served > 0);
    this.lookAtBroken(exchange);
    this.refuse(exchange.sample, exchange.status);
    return false;
  }

  private lookAtBroken(exchange: Exchange): void {
    try {
      this.options.onBroken?.(new HttpAnswer(exchange, exchange.body, this.outgoing.hop));
    } catch (error) {
      // This is the user's code, like a judge. If it throws, the sample must still be counted.
      exchange.sample.judge('failed', 'task', `onBroken: ${String(error)}`);
    }
  }

  private free(connection: Connection): void {
    connection.served += 1;
    this.client.pool.release(connection);
  }

  /** Follows a redirect, or ends the request. */
  private follow(exchange: Exchange): void {
    const { client, options, outgoing } = this;
    const { sample } = exchange;
    client.storeCookies(exchange, outgoing);
    const hop = nextHop(exchange, outgoing, options);
    if (hop === undefined) this.conclude(exchange);
    else if (typeof hop === 'string') {
      sample.judge('failed', 'redirect', hop);
      this.refuse(sample, exchange.status);
    } else {
      sample.judge('ok');
      client.scope.settle(sample);
      this.outgoing = hop;
      this.send();
    }
  }

  private conclude(exchange: Exchange): void {
    const { body } = exchange;
    // An answer to HEAD, or a 204, may name an encoding although it has no body.
    const isPacked = exchange.isPacked && body.length > 0;
    const encoding = isPacked ? exchange.header('content-encoding') : undefined;
    if (encoding === undefined) {
      this.judge(exchange, body);
      return;
    }
    const judged = decodeBody(body, encoding, this.client.setting.maxBodyBytes).then((decoded) => {
      if ('bytes' in decoded) this.judge(exchange, decoded.bytes);
      else this.judgePacked(exchange, decoded);
    });
    judged.catch((error: unknown) => {
      this.fail(error);
    });
  }

  /** Judges a body that cannot be decoded. An unexpected status says more than the decoding error. */
  private judgePacked(exchange: Exchange, { problem, detail }: DecodingProblem): void {
    const { sample, status } = exchange;
    if (!isExpected(status, this.options.status)) this.judge(exchange, Buffer.alloc(0));
    else {
      sample.judge('invalid', problem, detail);
      this.refuse(sample, status);
    }
  }

  private judge(exchange: Exchange, bytes: Buffer): void {
    const { sample, status } = exchange;
    const judged = this.verdictOn(exchange, bytes);
    sample.judge(judged.outcome, judged.kind, judged.detail);
    this.client.setting.hops.addTo(sample, exchange.header('server-timing'));
    const trace = exchange.header('traceparent');
    if (trace !== undefined) sample.trace ??= traceIdOf(trace);
    if (judged.retryAfterMs !== undefined) sample.add('retryAfter', judged.retryAfterMs);
    if (judged.outcome !== 'ok') {
      this.refuse(sample, status, bytes);
      return;
    }
    this.client.scope.settle(sample);
    this.resolve(new HttpReply<T>(exchange, bytes, judged.body as T));
  }

  private verdictOn(exchange: Exchange, bytes: Buffer): Judged<T> {
    const { scope, setting } = this.client;
    try {
      const own = this.options.judge?.(new HttpAnswer(exchange, bytes, this.outgoing.hop));
      if (own !== undefined) return own;
      const epochMs = setting.epochMs + exchange.sample.endedAtMs;
      const { toleratesDegraded } = scope;
      const checksSuccess = setting.defaults.checkSuccessField !== false;
      const policy = { toleratesDegraded, checksSuccess, epochMs };
      return judgeResponse(exchange, bytes, this.options, policy);
    } catch (error) {
      // A short body may still be nested too deep for code that walks it.
      if (isOutOfStack(error)) return { outcome: 'invalid', kind: 'tooLarge', detail: tooDeep };
      // A schema or a judge is the user's code. If it throws, the sample must still be counted.
      return { outcome: 'failed', kind: 'task', detail: `judging: ${String(error)}` };
    }
  }

  /** Counts a request that did not end ok and rejects the task's promise. */
  private refuse(sample: Sample, status: number, bytes?: Uint8Array): void {
    const { client, outgoing } = this;
    const { method, origin, path, payload } = outgoing;
    const headers = client.headersFor(outgoing, sample);
    const carrier = { headers, path, body: payload?.bytes };
    const secrets = secretsOf(client.setting.secrets, carrier);
    sample.errorDetail = redactDetail(sample.errorDetail, secrets);
    const url = redactUrl(origin + path, secrets);
    sample.url = `${method} ${url}${status === 0 ? '' : ` → ${status}`}`;
    client.scope.settle(sample);
    this.fail(new RequestNotOk(sample, status, bytes, payload?.bytes));
  }

  private fail(error: unknown): void {
    // A task may send a request without awaiting it. The request is counted, and its rejection must not
    // end the process.
    this.reply.catch(() => undefined);
    this.reject(error);
  }
}

const tooDeep = 'the body is nested too deep to be judged';

function isOutOfStack(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}
