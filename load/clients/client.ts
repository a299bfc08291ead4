/**
 * The clients with which tasks send requests and measure them. Each protocol is a folder.
 * Start reading here; go on in http/http.ts, which has the interface of HTTP that tasks see, and in
 * http/exchange.ts, which takes the times of a request.
 *
 * A new protocol gets a folder of its own beside http/, chat/ and mcp/. It builds on one of the two ways
 * of sending that a task has: on `Http` if it is requests and answers of HTTP/1.1 (as in
 * chat/streamed-chat.ts and mcp/streamable-http.ts), and on `Measure` if it has its own transport (as
 * mcp/stdio.ts does). `Http` speaks no HTTP/2 and reads no trailers, so gRPC needs `Measure`. Both
 * schedule the request, apply its deadline and count it exactly once. The protocol sends, reads the
 * answer, and reports a failure by a judge (`Http`) or a `JudgedFailure` (`Measure`). A protocol with
 * sessions implements `ProtocolClient`: a user opens it in `onStart`, keeps it in its state, and closes
 * it in `onStop`.
 *
 * `Measure` (implemented in user/measured.ts) gives less than `Http`: it knows when a request began and
 * ended, and nothing of bytes, connections, redirects or chunks. It does not check the allowed hosts
 * either: only http/ (http-call.ts, connector.ts) applies `LOAD_ALLOW_HOSTS`, so another transport has to
 * call settings/allowed-hosts.ts itself.
 *
 * CONTRIBUTING.md ("Add a protocol") lists everything that a new protocol needs. A task makes its client
 * with a function of the protocol, such as mcp/connect.ts. `Client` and `ClientFactory` below are not for
 * this: they hand out `Http`, one for each virtual user.
 */
import type { Recorder } from '../metrics/record/recorder.ts';
import type { Clock } from '../platform/clock.ts';
import type { Deadlines } from './deadlines.ts';
import type { Http, HttpDefaults } from './http/http.ts';
import type { RequestScope } from './scope.ts';

/**
 * A protocol's client, one for each virtual user. Each of its steps is a request with its own name.
 * @example
 * class QueueClient implements ProtocolClient {
 *   private readonly measure: Measure;
 *   constructor(measure: Measure) {
 *     this.measure = measure;
 *   }
 *   open = () => this.measure('connect', async () => client.connect());
 *   close = async () => client.disconnect();
 * }
 * defineUser({
 *   system: 'queue',
 *   onStart: async ({ measure }) => {
 *     const queue = new QueueClient(measure);
 *     await queue.open();
 *     return queue;
 *   },
 *   onStop: ({ state }) => state.close(),
 *   tasks,
 * });
 */
export interface ProtocolClient {
  /** Negotiates the protocol with the server and, if there are sessions, starts one. */
  open(): Promise<void>;
  /** Ends the session. Safe to call without one. */
  close(): Promise<void>;
}

/**
 * Measures `send` as a request with the given name, counted and limited by the deadline like any other.
 * Resolves with its result; rejects with `RequestNotOk` if it threw or took too long. A `JudgedFailure`
 * thrown by `send` says how the request ended; any other error counts as failed.
 * @example
 * const reply = await measure('publish', () => client.publish(message));
 */
export type Measure = <T>(name: string, send: () => Promise<T>) => Promise<T>;

/** One virtual user sends with a client: its tasks use `http`, and `close` closes its connections. */
export interface Client {
  readonly http: Http;
  close(): Promise<void> | void;
}

/** The clients of one load stream share these. */
export interface SharedByClients {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly deadlines: Deadlines;
  readonly user: {
    readonly http: HttpDefaults;
    readonly secrets?: readonly string[];
    readonly connections: 'perUser' | 'shared' | 'none';
  };
  readonly target: { readonly url: string; readonly key?: string | undefined };
}

/** Makes the clients of one load stream's virtual users. */
export interface ClientFactory {
  newClient(
    scope: RequestScope,
    user: { readonly number: number; readonly uniqueId: string },
  ): Client;
  /** Closes what the users share. */
  close(): Promise<void> | void;
}

export type NewClients = (shared: SharedByClients) => ClientFactory;
