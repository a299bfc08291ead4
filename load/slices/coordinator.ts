/**
 * The coordinator: a small HTTP service with a barrier for each test. It tells the slices when to start,
 * gives them the address of the shared system, and informs them when one is lost.
 */
import { timingSafeEqual, createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { backgroundClock, type Clock } from '../platform/clock.ts';
import { reasonOf } from '../platform/words.ts';
import { Barrier, type Member } from './barrier.ts';
import {
  fromSliceSchema,
  Heartbeat,
  messageLine,
  messageReader,
  sessionPath,
  type FromCoordinator,
  type FromSlice,
} from './messages.ts';

interface CoordinatorOptions {
  readonly secret: string;
  /** Default: loopback. */
  readonly host?: string | undefined;
  /** Default: any free one. */
  readonly port?: number | undefined;
  /** How long slices wait for the last of them. Default: 60 s. */
  readonly patienceMs?: number | undefined;
  /** PEM certificate and key. With them the coordinator uses TLS. */
  readonly certificate?: { readonly cert: string; readonly key: string } | undefined;
}

type Hello = Extract<FromSlice, { type: 'hello' }>;

const defaultPatienceMs = 60_000;
/** A slice with more unread bytes than this is lost. */
const mostUnreadBytes = 2 ** 20;
/** A head that does not come to its end is given up. A whole request is held for as long as a test runs. */
const limits = { headersTimeout: 10_000, connectionsCheckingInterval: 1000, requestTimeout: 0 };
/** A request that still sends this long after its answer is cut off. */
const lingerMs = 2000;

export class Coordinator {
  private readonly options: CoordinatorOptions;
  private readonly clock: Clock = backgroundClock();
  private readonly server: Server;
  /** By test. */
  private readonly barriers = new Map<string, Barrier>();
  /** Slices that will not come any more, with the reason. */
  private readonly gone = new Map<number, string>();
  /** The first slice's greeting. All others must belong to the same run. */
  private first: Hello | undefined;

  private constructor(options: CoordinatorOptions) {
    this.options = options;
    const answer = this.answer.bind(this);
    const { certificate } = options;
    this.server =
      certificate === undefined
        ? createServer(limits, answer)
        : createSecureServer({ ...limits, ...certificate }, answer);
  }

  static async open(options: CoordinatorOptions): Promise<Coordinator> {
    const coordinator = new Coordinator(options);
    const { host = '127.0.0.1', port = 0 } = options;
    await new Promise<void>((resolve, reject) => {
      coordinator.server.once('error', reject);
      coordinator.server.listen(port, host, resolve);
    });
    return coordinator;
  }

  get url(): string {
    const { address, port, family } = this.server.address() as AddressInfo;
    const scheme = this.options.certificate === undefined ? 'http' : 'https';
    return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** The process of that slice has ended, so no one has to wait for it. */
  expectNoMore(index: number, reason: string): void {
    this.gone.set(index, reason);
    for (const barrier of this.barriers.values()) barrier.expectNoMore(index, reason);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/health' && request.method === 'GET') {
      say(response, 200, 'ok');
    } else if (!this.knowsSecret(request)) {
      say(response, 401, 'LOAD_COORDINATOR_SECRET is not that of the coordinator');
    } else if (request.url !== sessionPath || request.method !== 'POST') {
      say(response, 404, `no such thing here; slices join at POST ${sessionPath}`);
    } else {
      new Connection(request, response, this.clock, (hello, member) => this.admit(hello, member));
    }
  }

  private knowsSecret({ headers }: IncomingMessage): boolean {
    const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
    const given = digest(headers.authorization ?? '');
    return timingSafeEqual(given, digest(`Bearer ${this.options.secret}`));
  }

  /** The barrier of its test, or the reason why it is refused. */
  private admit(hello: Hello, member: Member): Barrier | string {
    const { runId, slice, test } = hello;
    this.first ??= hello;
    if (runId !== this.first.runId) {
      return `run ${runId}: the coordinator is that of run ${this.first.runId}`;
    }
    const { count } = this.first.slice;
    if (slice.count !== count || slice.index > count) {
      return `slice ${slice.index}/${slice.count}: the others are of ${count}`;
    }
    const { clock } = this;
    const { patienceMs = defaultPatienceMs } = this.options;
    const known = this.barriers.get(test);
    const isNew = known === undefined || known.isPast(slice.index);
    const barrier = isNew ? new Barrier({ clock, count, patienceMs }) : known;
    this.barriers.set(test, barrier);
    const refusal = barrier.join(member);
    if (refusal !== undefined) return refusal;
    for (const [index, reason] of this.gone) barrier.expectNoMore(index, reason);
    return barrier;
  }
}

/** The connection of one slice in one test. */
class Connection {
  private readonly response: ServerResponse;
  private readonly clock: Clock;
  private readonly admit: (hello: Hello, member: Member) => Barrier | string;
  private readonly heartbeat: Heartbeat;
  private barrier: Barrier | undefined;
  private member: Member | undefined;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    clock: Clock,
    admit: Connection['admit'],
  ) {
    this.response = response;
    this.clock = clock;
    this.admit = admit;
    const headers = { 'content-type': 'application/x-ndjson', connection: 'close' };
    response.writeHead(200, headers).flushHeaders();
    const send = this.tell.bind(this, { type: 'heartbeat' });
    this.heartbeat = new Heartbeat(clock, send, this.end.bind(this));
    const read = messageReader(fromSliceSchema, (message) => {
      this.hear(message);
    });
    request.setEncoding('utf8').on('data', (chunk: string) => {
      if (response.writableEnded) return;
      try {
        this.heartbeat.heard();
        read(chunk);
      } catch (error) {
        this.end(`it sent a message that is not understood: ${reasonOf(error)}`);
      }
    });
    request
      .on('error', () => undefined)
      .once('close', () => {
        this.end('its connection ended');
      });
    response
      .on('error', () => undefined)
      .once('finish', () => {
        const cut = clock.at(clock.now() + lingerMs, () => request.destroy());
        request.once('close', () => {
          clock.cancel(cut);
        });
      });
  }

  private tell(message: FromCoordinator): void {
    if (this.response.writableEnded) return;
    this.response.write(messageLine(message));
    if (this.response.writableLength > mostUnreadBytes) this.end('it does not read its messages');
  }

  private hear(message: FromSlice): void {
    const { clock, barrier, member } = this;
    if (message.type === 'ping') {
      const epochMs = clock.epochMs + clock.now();
      this.tell({ type: 'pong', n: message.n, epochMs });
    } else if (message.type === 'hello' && barrier === undefined) this.begin(message);
    else if (member !== undefined) barrier?.hear(member, message);
  }

  private begin(hello: Hello): void {
    const { index, count } = hello.slice;
    const member: Member = {
      index,
      name: `slice ${index} of ${count} (${hello.host}, pid ${hello.pid})`,
      tell: this.tell.bind(this),
    };
    const admitted = this.admit(hello, member);
    if (typeof admitted === 'string') {
      const reason = `refused by the coordinator: ${admitted}`;
      member.tell({ type: 'lost', loss: { kind: 'refused', slices: [index], reason } });
      this.end('refused');
      return;
    }
    this.barrier = admitted;
    this.member = member;
  }

  private end(reason: string): void {
    this.heartbeat.stop();
    if (this.member !== undefined) this.barrier?.lose(this.member, reason);
    this.member = undefined;
    if (!this.response.writableEnded) this.response.end();
  }
}

/** A body that does not end must not be waited for. */
function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' });
  response.end(`${text}\n`);
}
