/**
 * The HTTP client of one virtual user: sends, judges and counts. It never retries, and follows redirects
 * only if asked to.
 */
import { randomBytes } from 'node:crypto';
import { parseDurationMs } from '../../platform/duration.ts';
import type { ConnectionPool } from './connections.ts';
import { UserCookies } from './cookies.ts';
import type { Exchange } from './exchange.ts';
import { HttpCall, type CallClient, type HttpSetting } from './http-call.ts';
import type { Http, Reply, RequestOptions } from './http.ts';
import type { Sample } from '../../metrics/record/sample.ts';
import { overridden } from './overrides.ts';
import { composeRequest, payloadOf, type Outgoing, type Payload } from './outgoing.ts';
import type { RequestScope } from '../scope.ts';

export class HttpClient implements Http, CallClient {
  readonly scope: RequestScope;
  readonly setting: HttpSetting;
  readonly pool: ConnectionPool;
  private readonly headers: readonly string[];
  /** Created when the first cookie arrives, since most targets set none. */
  private cookies: UserCookies | undefined;

  /** `headers` are sent with every request, names and values in turn. */
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

  jsonSentTo(path: string, json: unknown): unknown {
    return overridden(json, this.overridesFor(path) ?? []);
  }

  headersFor({ headers, origin, path }: Outgoing, sample: Sample): readonly string[] {
    const isTraced = this.setting.defaults.traceparent === true;
    if (this.cookies === undefined && !isTraced) return headers;
    const sent = [...headers];
    const cookies = this.cookies?.headerFor(origin + path) ?? '';
    if (cookies !== '') sent.push('cookie', cookies);
    if (isTraced) sent.push('traceparent', traceparent(sample));
    return sent;
  }

  storeCookies(exchange: Exchange, { origin, path }: Outgoing): void {
    if (this.setting.defaults.cookies === false) return;
    if (exchange.header('set-cookie') === undefined) return;
    this.cookies ??= new UserCookies();
    for (const cookie of exchange.allHeaders('set-cookie')) {
      this.cookies.store(cookie, origin + path);
    }
  }

  private send<T>(method: string, path: string, options: RequestOptions<T>): Promise<Reply<T>> {
    let payload: ReturnType<typeof payloadOf>;
    try {
      payload = payloadOf(options, this.overridesFor(path));
      if (!(payload instanceof Promise)) return this.call(method, path, options, payload);
    } catch (error) {
      payload = Promise.reject(error instanceof Error ? error : new Error(String(error)));
    }
    const reply = payload.then((encoded) => this.call(method, path, options, encoded));
    // A task may send a request without awaiting it. One that awaits it receives the rejection.
    reply.catch(() => undefined);
    return reply;
  }

  /** The overrides are meant for the target only. */
  private overridesFor(path: string): HttpSetting['defaults']['overrides'] {
    const { defaults, origin } = this.setting;
    if (defaults.overrides === undefined) return undefined;
    const isTargets = path.startsWith('/') || path === origin || path.startsWith(`${origin}/`);
    return isTargets ? defaults.overrides : undefined;
  }

  /** Errors in the task's arguments throw here, before anything is scheduled. */
  private call<T>(
    method: string,
    path: string,
    options: RequestOptions<T>,
    payload: Payload | undefined,
  ): Promise<Reply<T>> {
    const { deadline } = options;
    const deadlineMs =
      deadline === undefined ? this.scope.deadlineMs : parseDurationMs(deadline, 'deadline');
    const outgoing = composeRequest(this.setting, this.headers, method, path, payload, options);
    const call = new HttpCall(this, options, outgoing, deadlineMs);
    call.send();
    return call.reply;
  }
}

/** The W3C Trace Context header, sampled: one trace per request, and a new span id each time it is sent. */
function traceparent(sample: Sample): string {
  sample.trace ??= randomBytes(16).toString('hex');
  return `00-${sample.trace}-${randomBytes(8).toString('hex')}-01`;
}
