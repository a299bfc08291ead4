/**
 * HTTP. This file is what tasks see of it: requests with bodies in, judged replies out. A request goes from
 * http-client.ts (composed) through http-call.ts (sent, judged, its hops followed) to exchange.ts (timed
 * on the wire); connections.ts has the sockets, judge-response.ts the rules.
 */
import type { z } from 'zod';
import type { DurationText } from '../../platform/duration.ts';
import type { TrendName } from '../../metrics/definitions.ts';
import type { ErrorKind, Outcome } from '../../metrics/outcome.ts';
import type { LabelValue } from '../../metrics/record/label-text.ts';

/**
 * A request and what its answer must be: everything has a default.
 *
 * @example
 * await http.post('/orders', { name: 'order', json: { item: 'tea' }, status: 201, deadline: '2s' });
 */
export interface RequestOptions<T> {
  /** Name under which it is counted; default: the task's. */
  readonly name?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | boolean>>;
  /** At most one of `json`, `form`, `multipart` and `body`. */
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>>;
  readonly multipart?: Readonly<Record<string, string | FilePart>>;
  readonly body?: string | Uint8Array;
  /** Content type of `body`; default `application/octet-stream`. */
  readonly type?: string;
  /** Judges the body, which must be JSON; what it gives is the reply's `body`. */
  readonly expect?: z.ZodType<T>;
  /** Expected status, or several; default any 2xx. */
  readonly status?: number | readonly number[];
  /** Limit from the hand-over to the socket to the last byte; default the task's. */
  readonly deadline?: DurationText | number;
  readonly labels?: Readonly<Record<string, LabelValue>>;
  /**
   * Sees each chunk of a successful answer's body as it arrives, with its time (ms since the start of the
   * load), unpacked where it is encoded. Nothing of the body is kept then: `expect` has nothing to judge,
   * `judge` decides. A reader may tell by true or false whether there was content in them, which ends a
   * stall; where it tells nothing, all bytes are content but the comments, heartbeats and empty events of an
   * event stream. It may also tell that the answer is over with this chunk, whose time is then the request's
   * end, whether or not the server goes on: `'whole'` where nothing more is wanted, `'ended'` to be given
   * what comes in the second behind it (as a usage does), or up to a `'whole'`.
   */
  readonly onChunk?: (bytes: Uint8Array, atMs: number) => unknown;
  /**
   * Sees each chunk of a body that is kept, unpacked, whatever the status; true ends the request there:
   * the answer is whole though the server may go on. What follows is read for a second at most, dropped.
   */
  readonly isWhole?: (bytes: Uint8Array, head: Pick<Answer, 'header'>) => boolean;
  /**
   * Asked where a body that `isWhole` looks at has ended, or broke off, before it was whole: how the request
   * goes on, by a GET to the same address, after a pause. Its time and its deadline go on, too. `undefined`:
   * it is over. The status is 0 where no answer came at all.
   */
  readonly resume?: (
    head: Pick<Answer, 'status' | 'header'>,
  ) => { readonly headers: Readonly<Record<string, string>>; readonly afterMs: number } | undefined;
  /**
   * Looks at every complete answer first, whatever its status, before the reply or the error is told:
   * what it returns is how the request ended, and `undefined` leaves that to `status` and `expect`.
   */
  readonly judge?: (answer: Answer) => Judgement<T> | undefined;
  /** Looks at what came of an answer that broke off or timed out: `judge` sees complete ones only. */
  readonly onBroken?: (answer: Answer) => void;
  /**
   * Redirects are followed only where asked: at most 5, each hop counted. `sameHost`: those that lead to the
   * same host, whatever its port.
   */
  readonly redirect?: 'follow' | 'sameHost';
}

/**
 * A complete answer, not judged yet.
 *
 * @example
 * const judge = (answer: Answer) =>
 *   answer.header('x-cache') === 'stale' ? ({ outcome: 'degraded', kind: 'degraded' } as const) : undefined;
 * await http.get('/items', { judge });
 */
export interface Answer {
  readonly status: number;
  /** Decoded; empty where `onChunk` took it. */
  readonly bytes: Uint8Array;
  /** Redirects that were followed to get here. */
  readonly hops: number;
  /** The first header of that name, in lower case. */
  header(name: string): string | undefined;
  /** Adds a value of a trend (`ttft`) to this request, in the trend's unit. */
  add(trend: TrendName, value: number): void;
  /** Adds many values of a trend (`chunkGap`) to this request; the list is kept as it is. */
  addAll(trend: TrendName, values: readonly number[]): void;
  /** How many output tokens came: told of a request that reports show by itself. */
  countTokens(tokens: number): void;
  /** On the clock of the load: when it was due, handed to the socket, and complete. */
  readonly scheduledAtMs: number;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
}

/**
 * How a request ended, as `judge` or a `JudgedFailure` says.
 *
 * @example
 * const busy: Judgement<undefined> = { outcome: 'throttled', kind: 'throttled', detail: 'queue is full' };
 * const refuse = () => {
 *   throw new JudgedFailure(busy);
 * };
 */
export interface Judgement<T> {
  readonly outcome: Outcome;
  readonly kind?: ErrorKind | `status ${number}`;
  /** Shown as the sample of its kind, at most 200 characters. */
  readonly detail?: string;
  /** The reply's `body`. */
  readonly body?: T;
}

export interface FilePart {
  readonly bytes: Uint8Array;
  readonly filename: string;
  readonly type?: string;
}

/**
 * An answer that is ok.
 *
 * @example
 * const reply: Reply<undefined> = await http.get('/items');
 * if (reply.header('etag') === undefined) fail('no etag');
 */
export interface Reply<T> {
  readonly status: number;
  /** What the schema in `expect` made of the body; `undefined` without one. */
  readonly body: T;
  readonly bytes: Uint8Array;
  /** From the hand-over to the socket to the last byte. */
  readonly durationMs: number;
  /** The first header of that name, whatever its case. */
  header(name: string): string | undefined;
  text(): string;
  json(): unknown;
}

/**
 * Each sends and resolves with a reply that is `ok`; anything else rejects with `RequestNotOk`.
 *
 * @example
 * const { body } = await http.get('/items', { expect: z.array(z.object({ id: z.string() })) });
 * await http.delete(`/items/${body[0]?.id}`, { name: 'DELETE /items/{id}', status: 204 });
 */
export interface Http {
  get<T = undefined>(path: string, options?: RequestOptions<T>): Promise<Reply<T>>;
  post<T = undefined>(path: string, options?: RequestOptions<T>): Promise<Reply<T>>;
  put<T = undefined>(path: string, options?: RequestOptions<T>): Promise<Reply<T>>;
  patch<T = undefined>(path: string, options?: RequestOptions<T>): Promise<Reply<T>>;
  delete<T = undefined>(path: string, options?: RequestOptions<T>): Promise<Reply<T>>;
  head<T = undefined>(path: string, options?: RequestOptions<T>): Promise<Reply<T>>;
  options<T = undefined>(path: string, options?: RequestOptions<T>): Promise<Reply<T>>;
  request<T = undefined>(
    method: string,
    path: string,
    options?: RequestOptions<T>,
  ): Promise<Reply<T>>;
  /** The JSON that goes out to `path` in place of `json`: with what `<SYSTEM>_BODY` and presets change of it. */
  jsonSentTo(path: string, json: unknown): unknown;
}

export interface TlsOptions {
  /** PEM. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Accepts expired and self-signed certificates; every report shows that it was on. */
  readonly acceptAnyCertificate?: boolean;
}

/**
 * What is changed of every request to the target.
 *
 * @example
 * const azure: RequestOverrides = { headers: { authorization: null, 'api-key': 'key' } };
 * withOverrides(shopUser, azure);
 */
export interface RequestOverrides {
  /** They go over the user's own; null leaves one out. Their values are secrets, whatever their names. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** A JSON merge patch (RFC 7396) for each JSON object that is sent: null leaves a member out. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** How a user's requests are sent; part of a user definition. */
export interface HttpDefaults {
  /** Sent with every request; a function is asked once per virtual user. */
  readonly headers?:
    | Readonly<Record<string, string>>
    | ((context: {
        readonly user: { readonly number: number; readonly uniqueId: string };
        readonly target: { readonly url: string; readonly key?: string | undefined };
      }) => Readonly<Record<string, string>>);
  /** Changes of every request, in turn; `withOverrides` adds one, and so does `<SYSTEM>_HEADERS`. */
  readonly overrides?: readonly RequestOverrides[];
  /** A cookie jar per user. Default true. */
  readonly cookies?: boolean;
  /** A W3C `traceparent` header with each request. Default false. */
  readonly traceparent?: boolean;
  /** Address of an HTTP proxy. */
  readonly proxy?: string;
  readonly tls?: TlsOptions;
  /** Limit on the decoded bytes of a body. Default 64 MiB. */
  readonly maxBodyBytes?: number;
  /** `{"success": false}` at the top of a 2xx JSON body is a failure. Default true. */
  readonly checkSuccessField?: boolean;
}
