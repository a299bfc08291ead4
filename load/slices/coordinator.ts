/**
 * The coordinator: a small HTTP service at which the slices of a run meet before each load. It says when
 * they start, hands out the address of the system that they share, and tells everybody when one is lost.
 */
import { timingSafeEqual, createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { backgroundClock, type Clock, type Timer } from '../platform/clock.ts';
import { Meeting, type Member } from './barrier.ts';
import {
  beatMs,
  fromSliceSchema,
  messageLine,
  messageReader,
  silenceMs,
  type FromSlice,
} from './messages.ts';

export interface CoordinatorOptions {
  readonly secret: string;
  /** Default: loopback. */
  readonly host?: string | undefined;
  /** Default: any free one. */
  readonly port?: number | undefined;
  /** How long slices wait for the last of them; default 60 s. */
  readonly patienceMs?: number | undefined;
}

type Hello = Extract<FromSlice, { type: 'hello' }>;

export const sessionPath = '/slices';
const defaultPatienceMs = 60_000;

export class Coordinator {
  private readonly options: CoordinatorOptions;
  private readonly clock: Clock = backgroundClock();
  private readonly server: Server;
  private readonly meetings = new Map<string, Meeting>();
  /** Slices that will not come any more, and why. */
  private readonly gone = new Map<number, string>();
  /** What the first slice said: all others must be of the same run. */
  private first: Hello | undefined;

  private constructor(options: CoordinatorOptions) {
    this.options = options;
    this.server = createServer((request, response) => {
      this.answer(request, response);
    });
    // A request is held for as long as a test runs.
    this.server.requestTimeout = 0;
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
    return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  }

  /** Tells, of a slice whose process is known to have ended, that nobody need wait for it. */
  expectNoMore(index: number, reason: string): void {
    this.gone.set(index, reason);
    for (const meeting of this.meetings.values()) meeting.expectNoMore(index, reason);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/health' && request.method === 'GET') {
      response.end('ok\n');
    } else if (!this.knowsSecret(request)) {
      refuse(response, 401, 'LOAD_COORDINATOR_SECRET is not that of the coordinator');
    } else if (request.url !== sessionPath || request.method !== 'POST') {
      refuse(response, 404, `no such thing here; slices meet at POST ${sessionPath}`);
    } else {
      new Session(request, response, this.clock, (hello, member) => this.admit(hello, member));
    }
  }

  private knowsSecret({ headers }: IncomingMessage): boolean {
    const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
    const given = digest(headers.authorization ?? '');
    return timingSafeEqual(given, digest(`Bearer ${this.options.secret}`));
  }

  /** The meeting, or why there is none for it. */
  private admit(hello: Hello, member: Member): Meeting | string {
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
    const known = this.meetings.get(test);
    const isNew = known === undefined || known.isPast(slice.index);
    const meeting = isNew ? new Meeting({ clock, count, patienceMs }) : known;
    this.meetings.set(test, meeting);
    const refusal = meeting.join(member);
    if (refusal !== undefined) return refusal;
    for (const [index, reason] of this.gone) meeting.expectNoMore(index, reason);
    return meeting;
  }
}

/** One slice in one test. */
class Session {
  private readonly response: ServerResponse;
  private readonly clock: Clock;
  private readonly admit: (hello: Hello, member: Member) => Meeting | string;
  private meeting: Meeting | undefined;
  private member: Member | undefined;
  private heardMs: number;
  private timer: Timer | undefined;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    clock: Clock,
    admit: (hello: Hello, member: Member) => Meeting | string,
  ) {
    this.response = response;
    this.clock = clock;
    this.admit = admit;
    this.heardMs = clock.now();
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders();
    const read = messageReader(fromSliceSchema, (message) => {
      this.hear(message);
    });
    request.setEncoding('utf8').on('data', (chunk: string) => {
      try {
        this.heardMs = clock.now();
        read(chunk);
      } catch (error) {
        this.end(`it said what is not understood: ${(error as Error).message}`);
      }
    });
    request
      .on('error', () => undefined)
      .once('close', () => {
        this.end('its connection ended');
      });
    response.on('error', () => undefined);
    this.beat();
  }

  private hear(message: FromSlice): void {
    const { clock, response, meeting, member } = this;
    if (message.type === 'ping') {
      const epochMs = clock.epochMs + clock.now();
      response.write(messageLine({ type: 'pong', n: message.n, epochMs }));
    } else if (message.type === 'hello' && meeting === undefined) this.begin(message);
    else if (member !== undefined) meeting?.hear(member, message);
  }

  private begin(hello: Hello): void {
    const { index, count } = hello.slice;
    const member: Member = {
      index,
      name: `slice ${index} of ${count} (${hello.host}, pid ${hello.pid})`,
      tell: (message) => {
        if (!this.response.writableEnded) this.response.write(messageLine(message));
      },
    };
    const admitted = this.admit(hello, member);
    if (typeof admitted === 'string') {
      member.tell({ type: 'broken', reason: `refused by the coordinator: ${admitted}` });
      this.end('refused');
      return;
    }
    this.meeting = admitted;
    this.member = member;
  }

  private beat(): void {
    const { clock } = this;
    this.timer = clock.at(clock.now() + beatMs, () => {
      if (clock.now() - this.heardMs > silenceMs) this.end(`silent for ${silenceMs / 1000} s`);
      else {
        this.response.write(messageLine({ type: 'beat' }));
        this.beat();
      }
    });
  }

  private end(reason: string): void {
    if (this.timer !== undefined) this.clock.cancel(this.timer);
    if (this.member !== undefined) this.meeting?.lose(this.member, reason);
    this.member = undefined;
    if (!this.response.writableEnded) this.response.end();
  }
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' });
  response.end(`${text}\n`);
}
