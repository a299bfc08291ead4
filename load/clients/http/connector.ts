/**
 * Opens sockets for undici and times each part of it: name look-up, TCP connect, TLS handshake. The
 * guard works on the name before any look-up, and on the addresses behind it (pinned-names.ts).
 */
import { once } from 'node:events';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import type { Clock } from '../../platform/clock.ts';
import { defined } from '../../platform/defined.ts';
import type { TlsOptions } from './http.ts';
import { countSocket } from './open-sockets.ts';
import type { PinnedNames } from './pinned-names.ts';
import { passOverContinue } from './unasked-continue.ts';

/** Milliseconds; `undefined` for a part that did not take place. */
export interface ConnectTimes {
  dnsMs: number | undefined;
  connectMs: number;
  tlsMs: number | undefined;
}

export interface HostGuard {
  readonly isAllowed: (hostname: string) => boolean;
  readonly names: PinnedNames;
}

/** Receives a connection's sockets while they are being opened. */
export interface SocketWatcher {
  times: ConnectTimes | undefined;
  /** The socket that is being opened, so that a deadline can end it as well. */
  opening: Socket | undefined;
  /**
   * The socket in use. An answer that ends with the connection is complete only if the connection ended
   * without an error.
   */
  socket: Socket | undefined;
  /** True while a request was sent and the head of its answer has not arrived. */
  awaitsHead: boolean;
}

class BlockedHost extends Error {
  readonly code = 'LOADWRIGHT_BLOCKED_HOST';
}

/** A connect function for one undici client, which reports to `watcher`. */
export function connector(
  clock: Clock,
  guard: HostGuard,
  tls: TlsOptions,
  watcher: SocketWatcher,
): buildConnector.connector {
  return ({ hostname, port, protocol, servername }, callback) => {
    const host = hostname.replace(/^\[|\]$/g, '');
    if (!guard.isAllowed(host)) {
      callback(new BlockedHost(`${host}: not in LOAD_ALLOW_HOSTS`), null);
      return;
    }
    const isSecure = protocol === 'https:';
    const times: ConnectTimes = { dnsMs: undefined, connectMs: 0, tlsMs: undefined };
    const name = servername ?? host;
    void open(clock, watcher, { host, port: Number(port) || (isSecure ? 443 : 80) }, guard, times)
      .then((tcp): Socket | Promise<Socket> =>
        isSecure ? secured(clock, tcp, name, tls, times) : tcp,
      )
      .then(
        (socket) => {
          watcher.opening = undefined;
          watcher.times = times;
          watcher.socket = socket;
          passOverContinue(socket, watcher);
          callback(null, socket);
        },
        (error: unknown) => {
          watcher.opening = undefined;
          callback(error as Error, null);
        },
      );
  };
}

function open(
  clock: Clock,
  watcher: SocketWatcher,
  address: { readonly host: string; readonly port: number },
  guard: HostGuard,
  times: ConnectTimes,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const startedMs = clock.now();
    const tcp = connectTcp({ ...address, noDelay: true, lookup: timedLookup(clock, guard, times) });
    countSocket(tcp);
    watcher.opening = tcp;
    let isSettled = false;
    const fail = (error: Error): void => {
      if (isSettled) return;
      isSettled = true;
      // The name was resolved but the address did not answer.
      const isKnown = isIP(address.host) !== 0 || times.dnsMs !== undefined;
      if (isKnown && !(error instanceof BlockedHost)) guard.names.failed(address.host);
      reject(error);
    };
    tcp.once('error', fail);
    // Destroyed from this side, by a deadline: there is no error and no connection.
    tcp.once('close', () => {
      fail(new Error('closed while it was being opened'));
    });
    tcp.once('connect', () => {
      isSettled = true;
      times.connectMs = clock.now() - startedMs - (times.dnsMs ?? 0);
      tcp.off('error', fail);
      resolve(tcp);
    });
  });
}

async function secured(
  clock: Clock,
  tcp: Socket,
  name: string,
  { ca, cert, key, acceptAnyCertificate = false }: TlsOptions,
  times: ConnectTimes,
): Promise<TLSSocket> {
  const startedMs = clock.now();
  const secure = connectTls(
    defined({
      socket: tcp,
      // The host is checked against the certificate even if it is an address; only names are sent (SNI).
      host: name,
      servername: isIP(name) === 0 ? name : undefined,
      ca,
      cert,
      key,
      rejectUnauthorized: !acceptAnyCertificate,
      ALPNProtocols: ['http/1.1'],
    }),
  );
  await once(secure, 'secureConnect');
  times.tlsMs = clock.now() - startedMs;
  return secure;
}

/** Resolves a name, measures the time, and refuses addresses that the name must not have. */
function timedLookup(clock: Clock, { names }: HostGuard, times: ConnectTimes): LookupFunction {
  return (hostname, options, callback) => {
    const startedMs = clock.now();
    names.lookUp(hostname, (error, addresses) => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      times.dnsMs = clock.now() - startedMs;
      const allowed = names.allowed(hostname, addresses);
      const [first] = allowed;
      const blocked = `${hostname}: none of its addresses is among those that it had at the start`;
      if (first === undefined) callback(new BlockedHost(blocked), []);
      else if (options.all === true) callback(null, [...allowed]);
      else callback(null, first.address, first.family);
    });
  };
}
