/** The HTTP client of one virtual user: sends, judges, counts, and never retries or redirects unasked. */
import type { CookieJar } from 'tough-cookie';
import type { Dispatcher } from 'undici';
import { parseDurationMs } from '../duration.ts';
import type { Sample } from '../metrics/sample.ts';
import type { ConnectionPool } from './connections.ts';
import { cookieHeader, storeCookies } from './cookies.ts';
import type { Deadlines } from './deadlines.ts';
import { decodeBody } from './decode-body.ts';
import { Exchange } from './exchange.ts';
import { judgeWireEnd } from './judge-wire-end.ts';
import type { Http, HttpDefaults, Reply, RequestOptions } from './http.ts';
import { HttpReply } from './http-reply.ts';
import { judgeResponse, type Judged } from './judge-response.ts';
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

/** The verdict on a response, and the decoded bytes that it is about. */
type JudgedBytes<T> = Judged<T> & { readonly bytes: Buffer };

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
    let outgoing = composeRequest(this.setting, this.headers, { method, path, payload, options });
    for (;;) {
      const answer = await this.exchange(outgoing, options);
      if (!(answer instanceof HttpReply)) outgoing = answer;
      else return answer as Reply<T>;
    }
  }

  /** One request on the wire: a reply that is ok, or the next hop of a redirect. */
  private async exchange<T>(
    outgoing: Outgoing,
    options: RequestOptions<T>,
  ): Promise<HttpReply<T> | Outgoing> {
    const sample = this.scope.schedule(outgoing.name);
    if (options.labels !== undefined) sample.labels = { ...sample.labels, ...options.labels };
    if (outgoing.origin !== this.setting.origin && !this.isAllowed(outgoing.origin)) {
      sample.judge('failed', 'blockedHost', 'this host is not in LOAD_ALLOW_HOSTS');
      return this.reject(sample, outgoing, 0);
    }
    const connection = this.pool.acquire(outgoing.origin);
    sample.bytesSent = outgoing.payload?.bytes.length ?? 0;
    const exchange = new Exchange(sample, connection, {
      recorder: this.scope.recorder,
      deadlines: this.setting.deadlines,
      maxBodyBytes: this.setting.maxBodyBytes,
    });
    const end = await exchange.send(this.dispatchOptions(outgoing), this.deadlineOf(options));
    const isReused = connection.served > 0;
    if (end.kind === 'complete') {
      connection.served += 1;
      this.pool.release(connection);
    } else {
      connection.destroy();
      judgeWireEnd(exchange, end, isReused);
      return this.reject(sample, outgoing, exchange.status);
    }
    return this.answer(exchange, outgoing, options);
  }

  private isAllowed(origin: string): boolean {
    return this.setting.isHostAllowed(new URL(origin).hostname);
  }

  private deadlineOf({ deadline }: RequestOptions<unknown>): number {
    return deadline === undefined ? this.scope.deadlineMs : parseDurationMs(deadline, 'deadline');
  }

  private dispatchOptions({
    origin,
    method,
    path,
    headers,
    payload,
  }: Outgoing): Dispatcher.DispatchOptions {
    const extra: string[] = [];
    if (this.jar !== undefined) extra.push(...cookieHeader(this.jar, origin + path));
    if (this.setting.defaults.traceparent === true) extra.push('traceparent', traceparent());
    return {
      ...{ origin, path, method: method as Dispatcher.HttpMethod },
      headers: (extra.length === 0 ? headers : [...headers, ...extra]) as string[],
      body: payload?.bytes ?? null,
    };
  }

  private async answer<T>(
    exchange: Exchange,
    outgoing: Outgoing,
    options: RequestOptions<T>,
  ): Promise<HttpReply<T> | Outgoing> {
    const { sample, status } = exchange;
    if (this.setting.defaults.cookies !== false) {
      this.jar = storeCookies(this.jar, exchange, outgoing.origin + outgoing.path);
    }
    const hop = options.redirect === 'follow' ? nextHop(exchange, outgoing) : undefined;
    if (hop !== undefined) {
      sample.judge('ok');
      this.scope.settle(sample);
      return hop;
    }
    const judged = await this.judge(exchange, options);
    sample.judge(judged.outcome, judged.kind, judged.detail);
    if (judged.retryAfterMs !== undefined) sample.retryAfterMs = judged.retryAfterMs;
    if (judged.outcome !== 'ok') return this.reject(sample, outgoing, status);
    this.scope.settle(sample);
    return new HttpReply<T>(exchange, judged.bytes, judged.body as T);
  }

  private judge<T>(
    exchange: Exchange,
    options: RequestOptions<T>,
  ): JudgedBytes<T> | Promise<JudgedBytes<T>> {
    const encoding = exchange.header('content-encoding');
    if (encoding === undefined) return this.judgeBytes(exchange, exchange.body, options);
    return this.judgeEncoded(exchange, encoding, options);
  }

  private async judgeEncoded<T>(
    exchange: Exchange,
    encoding: string,
    options: RequestOptions<T>,
  ): Promise<JudgedBytes<T>> {
    const decoded = await decodeBody(exchange.body, encoding, this.setting.maxBodyBytes);
    if ('bytes' in decoded) return this.judgeBytes(exchange, decoded.bytes, options);
    const nothing = Buffer.alloc(0);
    return { outcome: 'invalid', kind: decoded.problem, detail: decoded.detail, bytes: nothing };
  }

  private judgeBytes<T>(
    exchange: Exchange,
    bytes: Buffer,
    options: RequestOptions<T>,
  ): JudgedBytes<T> {
    const response = {
      status: exchange.status,
      contentType: exchange.header('content-type'),
      retryAfter: exchange.status === 429 ? exchange.header('retry-after') : undefined,
      bytes,
    };
    const { toleratesDegraded, clock } = this.scope;
    const expectation = { status: options.status, schema: options.expect, toleratesDegraded };
    return { ...judgeResponse(response, expectation, this.setting.epochMs + clock.now()), bytes };
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
