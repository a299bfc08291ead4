/** The HTTP client of one virtual user: sends, judges, counts, and never retries or redirects unasked. */
import type { CookieJar } from 'tough-cookie';
import type { Dispatcher } from 'undici';
import { parseDurationMs } from '../duration.ts';
import type { Sample } from '../metrics/sample.ts';
import type { ConnectionPool } from './connections.ts';
import { cookieHeader, storeCookies } from './cookies.ts';
import type { Deadlines } from './deadlines.ts';
import { decodeBody } from './decode-body.ts';
import { Exchange, type WireEnd } from './exchange.ts';
import { judgeWireEnd } from './judge-wire-end.ts';
import type { Http, HttpDefaults, Reply, RequestOptions } from './http.ts';
import { HttpReply } from './http-reply.ts';
import { judgeResponse } from './judge-response.ts';
import { nextHop } from './redirect.ts';
import { composeRequest, type Outgoing } from './outgoing.ts';
import { payloadOf } from './request-body.ts';
import { RequestNotOk, type RequestScope } from './scope.ts';
import { traceparent } from './traceparent.ts';

/** What the clients of one stream share. */
export interface HttpSetting {
  readonly defaults: HttpDefaults;
  readonly deadlines: Deadlines;
  readonly maxBodyBytes: number;
  readonly origin: string;
  /** Path of the target's address, put before every path; '' for none. */
  readonly basePath: string;
  readonly isHostAllowed: (hostname: string) => boolean;
  /** Removed from every text that is kept. */
  readonly secret: string | undefined;
  readonly epochMs: number;
}

export class HttpClient implements Http {
  private readonly scope: RequestScope;
  private readonly setting: HttpSetting;
  private readonly pool: ConnectionPool;
  private readonly headers: readonly string[];
  private jar: CookieJar | undefined;

  /** `headers`: sent with every request, names and values in turn. */
  constructor(
    scope: RequestScope,
    setting: HttpSetting,
    pool: ConnectionPool,
    headers: readonly string[],
  ) {
    this.scope = scope;
    this.setting = setting;
    this.pool = pool;
    this.headers = headers;
  }

  get<T = undefined>(path: string, options: RequestOptions<T> = {}): Promise<Reply<T>> {
    return this.send('GET', path, options);
  }

  post<T = undefined>(path: string, options: RequestOptions<T> = {}): Promise<Reply<T>> {
    return this.send('POST', path, options);
  }

  put<T = undefined>(path: string, options: RequestOptions<T> = {}): Promise<Reply<T>> {
    return this.send('PUT', path, options);
  }

  patch<T = undefined>(path: string, options: RequestOptions<T> = {}): Promise<Reply<T>> {
    return this.send('PATCH', path, options);
  }

  delete<T = undefined>(path: string, options: RequestOptions<T> = {}): Promise<Reply<T>> {
    return this.send('DELETE', path, options);
  }

  head<T = undefined>(path: string, options: RequestOptions<T> = {}): Promise<Reply<T>> {
    return this.send('HEAD', path, options);
  }

  options<T = undefined>(path: string, options: RequestOptions<T> = {}): Promise<Reply<T>> {
    return this.send('OPTIONS', path, options);
  }

  private async send<T>(
    method: string,
    path: string,
    options: RequestOptions<T>,
  ): Promise<Reply<T>> {
    const given = payloadOf(options);
    const payload = given instanceof Promise ? await given : given;
    let outgoing = composeRequest(this.setting, this.headers, method, path, payload, options);
    for (;;) {
      const sample = this.scope.schedule(outgoing.name);
      if (options.labels !== undefined) sample.labels = { ...sample.labels, ...options.labels };
      this.refuseForeign(sample, outgoing);
      const exchange = this.exchange(sample, outgoing);
      // The one turn of waiting in the life of a request.
      const end = await exchange.send(this.dispatchOptions(outgoing), this.deadlineOf(options));
      this.takeBack(exchange, outgoing, end);
      this.storeCookies(exchange, outgoing);
      const hop = options.redirect === 'follow' ? nextHop(exchange, outgoing) : undefined;
      if (hop === undefined) return this.conclude(exchange, outgoing, options);
      sample.judge('ok');
      this.scope.settle(sample);
      outgoing = hop;
    }
  }

  private refuseForeign(sample: Sample, outgoing: Outgoing): void {
    if (outgoing.origin === this.setting.origin) return;
    if (this.setting.isHostAllowed(new URL(outgoing.origin).hostname)) return;
    sample.judge('failed', 'blockedHost', 'this host is not in LOAD_ALLOW_HOSTS');
    this.reject(sample, outgoing, 0);
  }

  private exchange(sample: Sample, { origin, payload }: Outgoing): Exchange {
    sample.bytesSent = payload?.bytes.length ?? 0;
    const { deadlines, maxBodyBytes } = this.setting;
    const connection = this.pool.acquire(origin);
    return new Exchange(sample, connection, this.scope.recorder, deadlines, maxBodyBytes);
  }

  private dispatchOptions(outgoing: Outgoing): Dispatcher.DispatchOptions {
    const { origin, path, payload } = outgoing;
    return {
      origin,
      path,
      method: outgoing.method,
      headers: this.headersFor(outgoing) as string[],
      body: payload?.bytes ?? null,
    };
  }

  private headersFor({ headers, origin, path }: Outgoing): readonly string[] {
    const isTraced = this.setting.defaults.traceparent === true;
    if (this.jar === undefined && !isTraced) return headers;
    const cookies = this.jar === undefined ? [] : cookieHeader(this.jar, origin + path);
    return [...headers, ...cookies, ...(isTraced ? ['traceparent', traceparent()] : [])];
  }

  private deadlineOf({ deadline }: RequestOptions<unknown>): number {
    return deadline === undefined ? this.scope.deadlineMs : parseDurationMs(deadline, 'deadline');
  }

  /** Frees the connection, or ends it where the exchange did not complete; then the request, too. */
  private takeBack(exchange: Exchange, outgoing: Outgoing, end: WireEnd): void {
    const { connection } = exchange;
    if (end.kind === 'complete') {
      connection.served += 1;
      this.pool.release(connection);
      return;
    }
    connection.destroy();
    judgeWireEnd(exchange, end, connection.served > 0);
    this.reject(exchange.sample, outgoing, exchange.status);
  }

  private storeCookies(exchange: Exchange, { origin, path }: Outgoing): void {
    if (this.setting.defaults.cookies === false) return;
    this.jar = storeCookies(this.jar, exchange, origin + path);
  }

  private conclude<T>(
    exchange: Exchange,
    outgoing: Outgoing,
    options: RequestOptions<T>,
  ): HttpReply<T> | Promise<HttpReply<T>> {
    const encoding = exchange.header('content-encoding');
    if (encoding === undefined) return this.judge(exchange, outgoing, options, exchange.body);
    return decodeBody(exchange.body, encoding, this.setting.maxBodyBytes).then((decoded) => {
      if ('bytes' in decoded) return this.judge(exchange, outgoing, options, decoded.bytes);
      exchange.sample.judge('invalid', decoded.problem, decoded.detail);
      return this.reject(exchange.sample, outgoing, exchange.status);
    });
  }

  private judge<T>(
    exchange: Exchange,
    outgoing: Outgoing,
    { status: expected, expect: schema }: RequestOptions<T>,
    bytes: Buffer,
  ): HttpReply<T> {
    const { sample, status } = exchange;
    const { toleratesDegraded, clock } = this.scope;
    const judged = judgeResponse(
      {
        status,
        contentType: exchange.header('content-type'),
        retryAfter: status === 429 ? exchange.header('retry-after') : undefined,
        bytes,
      },
      { status: expected, schema, toleratesDegraded },
      this.setting.epochMs + clock.now(),
    );
    sample.judge(judged.outcome, judged.kind, judged.detail);
    if (judged.retryAfterMs !== undefined) sample.retryAfterMs = judged.retryAfterMs;
    if (judged.outcome !== 'ok') this.reject(sample, outgoing, status);
    this.scope.settle(sample);
    return new HttpReply<T>(exchange, bytes, judged.body as T);
  }

  /** Counts a request that did not end ok and tells the task. */
  private reject(sample: Sample, { method, origin, path }: Outgoing, status: number): never {
    sample.url = `${method} ${origin}${path}${status === 0 ? '' : ` → ${status}`}`;
    const { secret } = this.setting;
    // A short key ("test") is a word of its own: taking it out would garble every message.
    if (secret !== undefined && secret.length >= 6) {
      sample.errorDetail = sample.errorDetail.replaceAll(secret, '***');
      sample.url = sample.url.replaceAll(secret, '***');
    }
    this.scope.settle(sample);
    throw new RequestNotOk(sample, status);
  }
}
