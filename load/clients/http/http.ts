/**
 * HTTP as tasks see it: requests with bodies in, judged replies out. A request goes from http-client.ts
 * (composed) through http-call.ts (sent, judged, redirects followed) to exchange.ts (timed on the wire).
 * connections.ts has the sockets, judge-response.ts the rules.
 */
import type { z } from 'zod';
import type { DurationText } from '../../platform/duration.ts';
import type { TrendName } from '../../metrics/definitions.ts';
import type { ErrorKind, Outcome } from '../../metrics/outcome.ts';
import type { LabelValue } from '../../metrics/record/label-text.ts';

/**
 * A request and what its answer must be. Everything has a default.
 * @example
 * await http.post('/orders', { name: 'order', json: { item: 'tea' }, status: 201, deadline: '2s' });
 */
export interface RequestOptions<T> {
  /** The name under which it is counted. Default: the task's. */
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
  /** The schema of the body, which must be JSON. Its output is the reply's `body`. */
  readonly expect?: z.ZodType<T>;
  /** The expected status, or several. Default: any 2xx. */
  readonly status?: number | readonly number[];
  /** Time limit from the hand-over to the socket to the last byte. Default: the task's. */
  readonly deadline?: DurationText | number;
  readonly labels?: Readonly<Record<string, LabelValue>>;
  /**
   * Receives each chunk of a successful answer's body as it arrives, decoded, with its time (ms since the
   * start of the load). The body is then not kept: `expect` has nothing to judge, `judge` decides.
   * The reader may return true or false, for whether the chunk had content; content ends a stall. If it
   * returns nothing, all bytes count as content, except the comments, heartbeats and empty events of an
   * event stream. It may also say that the answer ends with this chunk, whose time is then the request's
   * end even if the server goes on: `'whole'` if nothing more is needed, `'ended'` to receive what comes
   * in the second after it (such as a usage), or until it returns `'whole'`.
   */
  readonly onChunk?: (bytes: Uint8Array, atMs: number) => unknown;
  /**
   * Receives each chunk of a body that is kept, decoded, with any status. Returning true ends the request
   * there: the answer is complete even if the server goes on. What follows is read for at most one second
   * and dropped.
   */
  readonly isWhole?: (bytes: Uint8Array, head: Pick<Answer, 'header'>) => boolean;
  /**
   * Called if a body watched by `isWhole` ended or broke off before it was whole. Returns how the request
   * goes on, by a GET to the same address after a pause, or `undefined` if it is over. Its time and its
   * deadline continue. The status is 0 if no answer arrived.
   */
  readonly resume?: (
    head: Pick<Answer, 'status' | 'header'>,
  ) => { readonly headers: Readonly<Record<string, string>>; readonly afterMs: number } | undefined;
  /**
   * Called first with every complete answer, whatever its status. Its result is how the request ended;
   * with `undefined`, `status` and `expect` decide.
   */
  readonly judge?: (answer: Answer) => Judgement<T> | undefined;
  /**
   * Receives the received part of an answer that broke off or timed out. `judge` sees only complete
   * answers.
   */
  readonly onBroken?: (answer: Answer) => void;
  /**
   * Redirects are not followed by default. `follow`: at most 5, each counted. `sameHost`: only those to
   * the same host, on any port.
   */
  readonly redirect?: 'follow' | 'sameHost';
}

/**
 * A complete answer that is not judged yet.
 * @example
 * const judge = (answer: Answer) =>
 *   answer.header('x-cache') === 'stale' ? ({ outcome: 'degraded', kind: 'degraded' } as const) : undefined;
 * await http.get('/items', { judge });
 */
export interface Answer {
  readonly status: number;
  /** The decoded body; empty if `onChunk` received it. */
  readonly bytes: Uint8Array;
  /** How many redirects were followed. */
  readonly hops: number;
  /** The first header of that name, in lower case. */
  header(name: string): string | undefined;
  /** Adds a value of a trend (`ttft`) to this request, in the trend's unit. */
  add(trend: TrendName, value: number): void;
  /** Adds many values of a trend (`chunkGap`) to this request; the list is kept as it is. */
  addAll(trend: TrendName, values: readonly number[]): void;
  /** Sets the number of output tokens, which reports show for requests that they list. */
  countTokens(tokens: number): void;
  /** Times on the clock of the load: when it was due, handed to the socket, and complete. */
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
  /** Shown as the example of its kind, at most 200 characters. */
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
  /** The output of the schema in `expect`; `undefined` without one. */
  readonly body: T;
  readonly bytes: Uint8Array;
  /** From the hand-over to the socket to the last byte, ms. */
  readonly durationMs: number;
  /** The first header of that name, whatever its case. */
  header(name: string): string | undefined;
  text(): string;
  json(): unknown;
}

/**
 * Each method sends a request and resolves with a reply that is `ok`. Anything else rejects with
 * `RequestNotOk`.
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
  /** The JSON that is sent to `path` in place of `json`, with the changes of `<SYSTEM>_BODY` and presets. */
  jsonSentTo(path: string, json: unknown): unknown;
}

export interface TlsOptions {
  /** A certificate authority, as PEM. */
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  /** Accepts expired and self-signed certificates. Every report shows that this is on. */
  readonly acceptAnyCertificate?: boolean;
}

/**
 * Changes to every request to the target.
 * @example
 * const azure: RequestOverrides = { headers: { authorization: null, 'api-key': 'key' } };
 * withOverrides(shopUser, azure);
 */
export interface RequestOverrides {
  /**
   * Added over the user's own headers; null removes one. Their values are treated as secrets, whatever
   * their names.
   */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** A JSON merge patch (RFC 7396) for each JSON object that is sent; null removes a member. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** How a user's requests are sent; part of a user definition. */
export interface HttpDefaults {
  /** Sent with every request. A function is called once per virtual user. */
  readonly headers?:
    | Readonly<Record<string, string>>
    | ((context: {
        readonly user: { readonly number: number; readonly uniqueId: string };
        readonly target: { readonly url: string; readonly key?: string | undefined };
      }) => Readonly<Record<string, string>>);
  /** Changes to every request, applied in order. `withOverrides` and `<SYSTEM>_HEADERS` add one each. */
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
