/**
 * The wire: the clients with which tasks send requests and measure them. A protocol is a folder. Start
 * reading at http/http.ts for what a task sees of HTTP, and at http/exchange.ts for how a request is timed.
 *
 * A new protocol goes into a folder of its own beside http/, chat/ and mcp/. It stands on one of the two
 * ways to send that a task has: on `Http` where it runs over HTTP (chat/streamed-chat.ts and
 * mcp/streamable-http.ts do), and on `Measure` where it has a wire of its own (mcp/stdio.ts does). Both
 * schedule the request, hold its deadline and count it exactly once. The protocol sends, reads the answer,
 * and says by a judge (`Http`) or a `JudgedFailure` (`Measure`) where that is not ok. One with sessions
 * implements `ProtocolClient`: a user opens it in `onStart`, keeps it in its state, and closes it in `onStop`.
 *
 * `Measure` (implemented in user/measured.ts) gives less than `Http`: it knows when a request began and ended,
 * and nothing of bytes, connections, redirects or chunks. It asks no list of hosts either: `LOAD_ALLOW_HOSTS`
 * is kept by http/ alone (http-call.ts, connector.ts), so a wire of its own has to ask
 * settings/allowed-hosts.ts by itself.
 *
 * To be registered, where the protocol has them: an entry such as `loadwright/mcp` in the `paths` of
 * tsconfig.json; kinds of errors in `errorKinds` (metrics/outcome.ts); times of its own in `trends`
 * (metrics/definitions.ts); contract tests against real servers in tests/contracts/. A task makes its client
 * with a function of the protocol's own, as mcp/connect.ts is. `Client` and `ClientFactory` below are not for
 * it: they hand out `Http`, one for each virtual user.
 */
import type { Recorder } from '../metrics/record/recorder.ts';
import type { Clock } from '../platform/clock.ts';
import type { Deadlines } from './deadlines.ts';
import type { Http, HttpDefaults } from './http/http.ts';
import type { RequestScope } from './scope.ts';

/**
 * A protocol's client, one for each virtual user. Each step of it is a request with a name of its own.
 *
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
  /** Agrees with the server on what is spoken, and starts the session where there are sessions. */
  open(): Promise<void>;
  /** Ends the session. Safe to call where there is none. */
  close(): Promise<void>;
}

/**
 * Measures what `send` does under a name, with the accounting and the deadline of any request. Resolves
 * with what it gave; rejects with `RequestNotOk` where it threw or took too long. What `send` throws says
 * how the request ended if it is a `JudgedFailure`; any other error counts as failed.
 *
 * @example
 * const reply = await measure('publish', () => client.publish(message));
 */
export type Measure = <T>(name: string, send: () => Promise<T>) => Promise<T>;

/** What one virtual user sends with: what its tasks call, and how its connections are let go. */
export interface Client {
  readonly http: Http;
  close(): Promise<void> | void;
}

/** What the clients of one load stream share. */
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
