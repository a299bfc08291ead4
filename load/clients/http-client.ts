/** The HTTP client of one virtual user: sends, judges, counts, and never retries or redirects unasked. */
import type { CookieJar } from 'tough-cookie';
import type { Dispatcher } from 'undici';
import { parseDurationMs } from '../duration.ts';
import type { Sample } from '../metrics/sample.ts';
import type { ConnectionPool } from './connections.ts';
import { cookieHeader, storeCookies } from './cookies.ts';
import { decodeBody } from './decode-body.ts';
import { Exchange, type WireEnd } from './exchange.ts';
import { judgeWireEnd } from './judge-wire-end.ts';
import type { Http, Reply, RequestOptions } from './http.ts';
import { HttpReply } from './http-reply.ts';
import { isExpected, judgeResponse, type Judged } from './judge-response.ts';
import { nextHop } from './redirect.ts';
import type { HttpSetting } from './http-setting.ts';
import { composeRequest, type Outgoing } from './outgoing.ts';
import { redactDetail, redactUrl, secretsOf } from './redaction.ts';
import { payloadOf } from './request-body.ts';
import { RequestNotOk, type RequestScope } from './scope.ts';
import { traceparent } from './traceparent.ts';

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

  request<T = undefined>(
    method: string,
    path: string,
    options: RequestOptions<T> = {},
  ): Promise<Reply<T>> {
    return this.send(method, path, options);
  }

  private send<T>(method: string, path: string, options: RequestOptions<T>): Promise<Reply<T>> {
    const reply = this.follow(method, path, options);
    // A task need not await what it sends: it is counted all the same, and must not end the process.
    reply.catch(ignore);
    return reply;
  }

  private async follow<T>(
    method: string,
    path: string,
    options: RequestOptions<T>,
  ): Promise<Reply<T>> {
    // What a task may have got wrong shows before anything is scheduled that could be lost.
    const { deadline } = options;
    const deadlineMs =
      deadline === undefined ? this.scope.deadlineMs : parseDurationMs(deadline, 'deadline');
    const given = payloadOf(options);
    const payload = given instanceof Promise ? await given : given;
    let outgoing = composeRequest(this.setting, this.headers, method, path, payload, options);
    for (;;) {
      const sample = this.scope.schedule(outgoing.name);
      if (options.labels !== undefined) sample.labels = { ...sample.labels, ...options.labels };
      this.refuseForeign(sample, outgoing);
      const exchange = this.exchange(sample, outgoing);
      // The one turn of waiting in the life of a request.
      const end = await exchange.send(this.dispatchOptions(outgoing), deadlineMs);
      this.takeBack(exchange, outgoing, end);
      this.storeCookies(exchange, outgoing);
      const hop = nextHop(exchange, outgoing, options);
      if (hop === undefined) return this.conclude(exchange, outgoing, options);
      if (typeof hop === 'string') {
        sample.judge('failed', 'redirect', hop);
        return this.reject(sample, outgoing, exchange.status);
      }
      sample.judge('ok');
      this.scope.settle(sample);
      outgoing = hop;
    }
  }

  private refuseForeign(sample: Sample, outgoing: Outgoing): void {
    const { origin, isTargetAllowed, isHostAllowed } = this.setting;
    if (outgoing.origin === origin ? isTargetAllowed : isHostAllowed(hostOf(outgoing))) return;
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
      // Asks the server to close as well, so that the port that waits out its time is the server's.
      reset: !this.pool.isReusing,
    };
  }

  private headersFor({ headers, origin, path }: Outgoing): readonly string[] {
    const isTraced = this.setting.defaults.traceparent === true;
    if (this.jar === undefined && !isTraced) return headers;
    const cookies = this.jar === undefined ? [] : cookieHeader(this.jar, origin + path);
    return [...headers, ...cookies, ...(isTraced ? ['traceparent', traceparent()] : [])];
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
    const { body } = exchange;
    // An answer to HEAD, or a 204, may name an encoding and has no body.
    const encoding = body.length === 0 ? undefined : exchange.header('content-encoding');
    if (encoding === undefined) return this.judge(exchange, outgoing, options, body);
    return decodeBody(body, encoding, this.setting.maxBodyBytes).then((decoded) => {
      if ('bytes' in decoded) return this.judge(exchange, outgoing, options, decoded.bytes);
      // The status says more than a body that cannot be read.
      if (!isExpected(exchange.status, options.status)) {
        return this.judge(exchange, outgoing, options, Buffer.alloc(0));
      }
      exchange.sample.judge('invalid', decoded.problem, decoded.detail);
      return this.reject(exchange.sample, outgoing, exchange.status);
    });
  }

  private judge<T>(
    exchange: Exchange,
    outgoing: Outgoing,
    options: RequestOptions<T>,
    bytes: Buffer,
  ): HttpReply<T> {
    const { sample, status } = exchange;
    const judged = this.verdictOn(exchange, options, bytes);
    sample.judge(judged.outcome, judged.kind, judged.detail);
    if (judged.retryAfterMs !== undefined) sample.retryAfterMs = judged.retryAfterMs;
    if (judged.outcome !== 'ok') this.reject(sample, outgoing, status);
    this.scope.settle(sample);
    return new HttpReply<T>(exchange, bytes, judged.body as T);
  }

  private verdictOn<T>(
    exchange: Exchange,
    { status: expected, expect: schema }: RequestOptions<T>,
    bytes: Buffer,
  ): Judged<T> {
    const { status } = exchange;
    const { toleratesDegraded, clock } = this.scope;
    const contentType = exchange.header('content-type');
    const retryAfter = status === 429 ? exchange.header('retry-after') : undefined;
    const checksSuccess = this.setting.defaults.checkSuccessField !== false;
    try {
      return judgeResponse(
        { status, contentType, retryAfter, bytes },
        { status: expected, schema, toleratesDegraded, checksSuccess },
        this.setting.epochMs + clock.now(),
      );
    } catch (error) {
      // A schema is code of the user's own: where it throws, the sample must not be lost.
      return { outcome: 'failed', kind: 'task', detail: `expect: ${String(error)}` };
    }
  }

  /** Counts a request that did not end ok and tells the task. */
  private reject(sample: Sample, outgoing: Outgoing, status: number): never {
    const { method, origin, path } = outgoing;
    const secrets = secretsOf(this.setting.secret, this.headersFor(outgoing));
    sample.errorDetail = redactDetail(sample.errorDetail, secrets);
    const url = redactUrl(origin + path, secrets);
    sample.url = `${method} ${url}${status === 0 ? '' : ` → ${status}`}`;
    this.scope.settle(sample);
    throw new RequestNotOk(sample, status);
  }
}

function hostOf({ origin }: Outgoing): string {
  return new URL(origin).hostname;
}

function ignore(): void {
  // Told to whoever awaits it.
}
