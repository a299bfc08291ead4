/**
 * Opens sockets for undici and times each part of it: name look-up, TCP connect, TLS handshake. The
 * guard works on the name before any look-up; the addresses that a name had first are the only ones it
 * may have for the rest of the run.
 */
import { once } from 'node:events';
import { lookup, type LookupAddress } from 'node:dns';
import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { buildConnector } from 'undici';
import type { Clock } from '../../platform/clock.ts';
import { defined } from '../../platform/defined.ts';
import type { TlsOptions } from './http.ts';

/** Milliseconds; `undefined` for a part that did not take place. */
export interface ConnectTimes {
  dnsMs: number | undefined;
  connectMs: number;
  tlsMs: number | undefined;
}

export interface HostGuard {
  readonly isAllowed: (hostname: string) => boolean;
  /** Addresses by name, as they were first looked up in this run. */
  readonly pinned: Map<string, ReadonlySet<string>>;
}

/** What a connection learns of its socket while it is being opened. */
export interface SocketWatcher {
  times: ConnectTimes | undefined;
  /** The socket that is being opened, so that a deadline can end that, too. */
  opening: Socket | undefined;
  /** The socket in use: an answer that ends with the connection is whole only if that ended well. */
  socket: Socket | undefined;
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
    watcher.opening = tcp;
    tcp.once('error', reject);
    // Destroyed from this side (a deadline): there is no error, and no connection either.
    tcp.once('close', () => {
      reject(new Error('closed while it was being opened'));
    });
    tcp.once('connect', () => {
      times.connectMs = clock.now() - startedMs - (times.dnsMs ?? 0);
      tcp.off('error', reject);
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
      // Checked against the certificate, also where it is an address; only names are sent (SNI).
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

/** Looks a name up, takes the time, and refuses addresses that the name did not have at first. */
function timedLookup(clock: Clock, guard: HostGuard, times: ConnectTimes): LookupFunction {
  return (hostname, options, callback) => {
    const startedMs = clock.now();
    lookup(hostname, { all: true }, (error, addresses) => {
      times.dnsMs = clock.now() - startedMs;
      const known = error === null ? pinnedOf(hostname, addresses, guard) : [];
      const [first] = known;
      const blocked = `${hostname}: none of its addresses is one it had at the start`;
      if (error !== null) callback(error, []);
      else if (first === undefined) callback(new BlockedHost(blocked), []);
      else if (options.all === true) callback(null, known);
      else callback(null, first.address, first.family);
    });
  };
}

function pinnedOf(hostname: string, addresses: LookupAddress[], guard: HostGuard): LookupAddress[] {
  const pinned = guard.pinned.get(hostname) ?? new Set(addresses.map(({ address }) => address));
  guard.pinned.set(hostname, pinned);
  return addresses.filter(({ address }) => pinned.has(address));
}
