/** Makes the HTTP clients of one load stream's users, by their connection policy. */
import { isHostAllowed } from '../../settings/allowed-hosts.ts';
import { ChunkQueue } from './chunk-queue.ts';
import { ConnectionPool } from './connections.ts';
import type { ClientFactory, SharedByClients } from '../client.ts';
import type { HttpDefaults } from './http.ts';
import { HttpClient } from './http-client.ts';
import type { HttpSetting } from './http-call.ts';
import { baseHeaders, targetSecrets } from './overrides.ts';
import { Hops } from './server-timing.ts';
import { PinnedNames, type LookUp } from './pinned-names.ts';

const defaultMaxBodyBytes = 64 * 2 ** 20;

export interface HttpClientsOptions {
  readonly allowedHosts: readonly string[];
  /** How names are resolved. Default: as this machine does. */
  readonly lookUp?: LookUp;
}

/** Call it once for each load: addresses are pinned over all of its load streams. */
export function httpClients(options: HttpClientsOptions) {
  const isAllowed = (hostname: string): boolean => isHostAllowed(hostname, options.allowedHosts);
  const guard = { isAllowed, names: new PinnedNames(options.lookUp) };
  return ({ clock, deadlines, user, target }: Omit<SharedByClients, 'recorder'>) => {
    const { http: defaults, connections: policy } = user;
    if (defaults.proxy !== undefined && !isAllowed(new URL(defaults.proxy).hostname)) {
      throw new Error(`http.proxy ${new URL(defaults.proxy).host}: not in LOAD_ALLOW_HOSTS`);
    }
    const { origin, hostname, pathname } = new URL(target.url);
    const setting: HttpSetting = {
      defaults,
      deadlines,
      origin,
      secrets: targetSecrets(target, [user]),
      chunks: new ChunkQueue(clock),
      basePath: pathname.replace(/\/+$/, ''),
      maxBodyBytes: defaults.maxBodyBytes ?? defaultMaxBodyBytes,
      isHostAllowed: isAllowed,
      isTargetAllowed: isAllowed(hostname),
      epochMs: clock.epochMs,
      hops: new Hops(),
    };
    const connections = { clock, guard, defaults };
    const shared = new ConnectionPool(connections, policy !== 'none');
    return {
      newClient(scope, identity) {
        const own = policy === 'perUser' ? new ConnectionPool(connections, true) : undefined;
        const { headers = {}, overrides } = defaults;
        const sent = typeof headers === 'function' ? headers({ user: identity, target }) : headers;
        return {
          http: new HttpClient(scope, setting, own ?? shared, baseHeaders(sent, overrides)),
          close: () => own?.close(),
        };
      },
      close() {
        shared.close();
      },
    } satisfies ClientFactory;
  };
}

/** Deviations from the safe defaults, which every report shows. */
export function httpFlags({ tls, proxy }: HttpDefaults): string[] {
  return [
    ...(tls?.acceptAnyCertificate === true ? ['TLS: any certificate is accepted'] : []),
    ...(proxy === undefined ? [] : [`sent through the proxy ${new URL(proxy).host}`]),
  ];
}
