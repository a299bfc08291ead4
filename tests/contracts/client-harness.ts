/**
 * Helpers for the contract tests of clients: a virtual user's scope without executors, and servers that
 * count the requests themselves.
 */
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { Deadlines } from '../../load/clients/deadlines.ts';
import type { Http, HttpDefaults } from '../../load/clients/http/http.ts';
import { httpClients } from '../../load/clients/http/http-clients.ts';
import type { LookUp } from '../../load/clients/http/pinned-names.ts';
import { RequestNotOk, type RequestScope } from '../../load/clients/scope.ts';
import { systemClock, type Clock } from '../../load/platform/clock.ts';
import { defined } from '../../load/platform/defined.ts';
import { Recorder } from '../../load/metrics/record/recorder.ts';
import type { Sample } from '../../load/metrics/record/sample.ts';

export interface TestLoadOptions {
  readonly url: string;
  readonly key?: string;
  readonly http?: HttpDefaults;
  readonly connections?: 'perUser' | 'shared' | 'none';
  readonly allowedHosts?: readonly string[];
  readonly deadlineMs?: number;
  readonly toleratesDegraded?: boolean;
  /** How names are resolved. Default: as this machine does. */
  readonly lookUp?: LookUp;
  /** Default: the real one. With a virtual clock no pause of this machine is part of a request's time. */
  readonly clock?: Clock;
}

export interface TestUser {
  readonly http: Http;
  close(): Promise<void> | void;
}

/** The clients of one stream with a clock and a real recorder. Every settled sample is kept. */
export class TestLoad {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly deadlines: Deadlines;
  /** In the order in which they ended. */
  readonly samples: Sample[] = [];
  readonly deadlineMs: number;
  readonly toleratesDegraded: boolean;
  private readonly clients: ReturnType<ReturnType<typeof httpClients>>;
  private users = 0;

  constructor(options: TestLoadOptions) {
    this.clock = options.clock ?? systemClock();
    const phases = [{ name: 'steady state', startMs: 0 }];
    this.recorder = new Recorder(this.clock, [{ phases, maxLabelValues: 50, slowMs: undefined }]);
    this.deadlines = new Deadlines(this.clock);
    this.deadlineMs = options.deadlineMs ?? 10_000;
    this.toleratesDegraded = options.toleratesDegraded ?? false;
    const { allowedHosts = [], lookUp } = options;
    this.clients = httpClients(defined({ allowedHosts, lookUp }))({
      clock: this.clock,
      deadlines: this.deadlines,
      user: { http: options.http ?? {}, connections: options.connections ?? 'perUser' },
      target: { url: options.url, key: options.key },
    });
  }

  newUser(): TestUser {
    const number = this.users++;
    return this.clients.newClient(this.newScope(), { number, uniqueId: `test-${number}` });
  }

  get last(): Sample {
    return this.samples.at(-1)!;
  }

  /** The number of lost samples: scheduled minus settled. */
  get lost(): number {
    return this.recorder.totals.scheduled - this.samples.length;
  }

  close(): void {
    this.clients.close();
  }

  newScope(): RequestScope {
    const { clock, recorder, samples, deadlineMs, toleratesDegraded } = this;
    return {
      clock,
      recorder,
      deadlineMs,
      toleratesDegraded,
      schedule: (name, method) => {
        const nowMs = clock.now();
        return recorder.schedule(recorder.ref(0, 'task', name ?? 'task', method), nowMs, nowMs);
      },
      settle: (sample) => {
        recorder.commit(sample);
        samples.push(sample);
      },
    };
  }
}

/** Awaits a request that must not end ok, and returns the sample that the task received. */
export async function notOk(request: Promise<unknown>): Promise<Sample> {
  const error: unknown = await request.then(
    () => new Error('the request ended ok'),
    (reason: unknown) => reason,
  );
  if (error instanceof RequestNotOk) return error.sample;
  throw error;
}

/** `outcome kind`, as in the tables of the specification. */
export function verdict({ outcome, errorKind }: Sample): string {
  return errorKind === undefined ? outcome : `${outcome} ${errorKind}`;
}

export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly sockets: Set<Socket>;
  /** How many connections were opened. */
  readonly opened: () => number;
  close(): Promise<void>;
}

/** Listens on a free port, or on another server's port, and ends every connection when it is closed. */
export async function listening(
  server: NetServer,
  host = '127.0.0.1',
  ownPort = 0,
): Promise<TestServer> {
  const sockets = new Set<Socket>();
  let opened = 0;
  server.on('connection', (socket: Socket) => {
    opened += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(ownPort, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    port,
    sockets,
    opened: () => opened,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A request as the server received it, with its whole body. */
export interface Seen {
  readonly request: IncomingMessage;
  readonly body: Buffer;
}

/** A server of node:http that keeps its requests. Without `answer` it sends `{"ok":true}`. */
export async function httpServer(
  answer: (seen: Seen, response: ServerResponse) => void = (_, response) => {
    json(response, { ok: true });
  },
): Promise<TestServer & { readonly seen: Seen[] }> {
  const seen: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one = { request, body: Buffer.concat(chunks) };
      seen.push(one);
      answer(one, response);
    });
  });
  // Idle connections stay open, so any closing is done by the client.
  server.keepAliveTimeout = 0;
  return { ...(await listening(server)), seen };
}

/** A server on bare TCP. `onRequest` is called for each incoming chunk, which is counted. */
export async function tcpServer(
  onRequest: (socket: Socket, count: number) => void,
): Promise<TestServer & { readonly received: () => number }> {
  let received = 0;
  const server = createTcpServer((socket) => {
    socket.on('data', () => {
      received += 1;
      onRequest(socket, received);
    });
  });
  return { ...(await listening(server)), received: () => received };
}

/** The connections that were opened from this process and are not closed. */
const clientEnds = new Set<Socket>();
subscribe('net.client.socket', (message) => {
  const { socket } = message as { socket: Socket };
  clientEnds.add(socket);
  socket.once('close', () => clientEnds.delete(socket));
});

/**
 * Resolves when the client, in this process, has read all that its server has written to `socket`, or
 * has closed the connection. What is written next is then read apart from it.
 */
export async function readByClient(socket: Socket): Promise<void> {
  const client = [...clientEnds].find(({ localPort }) => localPort === socket.remotePort);
  while (client !== undefined && !client.destroyed && client.bytesRead < socket.bytesWritten) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Repeats the check until it is true; the test's own timeout is the limit. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(5);
}
