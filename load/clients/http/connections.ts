/**
 * Connection policies as one mechanism: a free list of undici clients with one connection each. `perUser`
 * has a list per user, `shared` one list for all, `none` uses no connection twice. A request always finds
 * a free connection or opens one, so no queue can hide inside a latency.
 */
import { Client, ProxyAgent, type Dispatcher } from 'undici';
import type { Clock } from '../../platform/clock.ts';
import { defined } from '../../platform/defined.ts';
import { connector, type ConnectTimes, type HostGuard, type SocketWatcher } from './connector.ts';
import type { HttpDefaults } from './http.ts';
import type { Socket } from 'node:net';

export interface ConnectionSettings {
  readonly clock: Clock;
  readonly guard: HostGuard;
  readonly defaults: Pick<HttpDefaults, 'tls' | 'proxy'>;
}

// The server decides how long an idle connection is kept; its own hint shortens this limit.
const keepAliveMs = 600_000;

export class Connection implements SocketWatcher {
  readonly origin: string;
  readonly dispatcher: Dispatcher;
  times: ConnectTimes | undefined;
  opening: Socket | undefined;
  socket: Socket | undefined;
  awaitsHead = false;
  /** Requests that the current socket has completed. */
  served = 0;
  /** How long that socket took to connect: about one round trip. */
  connectMs = 0;

  constructor(origin: string, { clock, guard, defaults }: ConnectionSettings) {
    this.origin = origin;
    const connect = connector(clock, guard, defaults.tls ?? {}, this);
    const options = {
      pipelining: 1,
      keepAliveTimeout: keepAliveMs,
      keepAliveMaxTimeout: keepAliveMs,
      // The suite sweeps deadlines itself, since undici's timeouts are coarse.
      headersTimeout: 0,
      bodyTimeout: 0,
    };
    this.dispatcher =
      defaults.proxy === undefined
        ? new Client(origin, { ...options, connect })
        : new ProxyAgent({ uri: defaults.proxy, ...proxyTls(defaults.tls), ...options });
  }

  /** How long the last connect took. Returned once, to the request that waited for it. */
  takeTimes(): ConnectTimes | undefined {
    const { times } = this;
    this.times = undefined;
    return times;
  }

  /** Destroys the socket later, since undici must not be destroyed from within one of its own callbacks. */
  destroySoon(): void {
    queueMicrotask(() => {
      this.destroy();
    });
  }

  /** Closes the socket at once, even while it is still being opened. */
  destroy(): void {
    this.opening?.destroy();
    void this.dispatcher.destroy().catch(() => undefined);
  }
}

export class ConnectionPool {
  private readonly settings: ConnectionSettings;
  readonly isReusing: boolean;
  private isClosed = false;
  private readonly idle: Connection[] = [];

  constructor(settings: ConnectionSettings, isReusing: boolean) {
    this.settings = settings;
    this.isReusing = isReusing;
  }

  /** A free connection: the one used last, or a new one. */
  acquire(origin: string): Connection {
    // Nearly all requests go to one address. Its connection is taken off the end, without allocation.
    if (this.idle.at(-1)?.origin === origin) return this.idle.pop()!;
    const i = this.idle.findLastIndex((connection) => connection.origin === origin);
    return i < 0 ? new Connection(origin, this.settings) : this.idle.splice(i, 1)[0]!;
  }

  release(connection: Connection): void {
    if (this.isReusing && !this.isClosed) this.idle.push(connection);
    else connection.destroySoon();
  }

  /** Connections in use are closed when they are given back. */
  close(): void {
    this.isClosed = true;
    for (const connection of this.idle.splice(0)) connection.destroy();
  }
}

function proxyTls(tls: HttpDefaults['tls']) {
  const { ca, cert, key, acceptAnyCertificate = false } = tls ?? {};
  return { requestTls: defined({ ca, cert, key, rejectUnauthorized: !acceptAnyCertificate }) };
}
