/** Makes the HTTP clients of one load stream's users, by its connection policy. */
import { isHostAllowed } from '../../settings/allowed-hosts.ts';
import { ChunkQueue } from './chunk-queue.ts';
import { ConnectionPool, type ConnectionSettings } from './connections.ts';
import type { ClientFactory, SharedByClients } from '../client.ts';
import type { HttpDefaults } from './http.ts';
import { HttpClient } from './http-client.ts';
import type { HttpSetting } from './http-call.ts';
import type { RequestScope } from '../scope.ts';

interface Identity {
  readonly number: number;
  readonly uniqueId: string;
}

const defaultMaxBodyBytes = 64 * 2 ** 20;

/** One for each load: addresses are pinned over all of its load streams. */
export function httpClients(options: { readonly allowedHosts: readonly string[] }) {
  const isAllowed = (hostname: string): boolean => isHostAllowed(hostname, options.allowedHosts);
  const guard = { isAllowed, pinned: new Map<string, ReadonlySet<string>>() };
  return ({ clock, deadlines, user, target }: Omit<SharedByClients, 'recorder'>): HttpClients => {
    const { http: defaults } = user;
    if (defaults.proxy !== undefined && !isAllowed(new URL(defaults.proxy).hostname)) {
      throw new Error(`http.proxy ${new URL(defaults.proxy).host}: not in LOAD_ALLOW_HOSTS`);
    }
    const { origin, hostname, pathname } = new URL(target.url);
    const setting: HttpSetting = {
      defaults,
      deadlines,
      origin,
      secret: target.key,
      chunks: new ChunkQueue(clock),
      basePath: pathname.replace(/\/+$/, ''),
      maxBodyBytes: defaults.maxBodyBytes ?? defaultMaxBodyBytes,
      isHostAllowed: isAllowed,
      isTargetAllowed: isAllowed(hostname),
      epochMs: clock.epochMs,
    };
    return new HttpClients(setting, { clock, guard, defaults }, user.connections, target);
  };
}

class HttpClients implements ClientFactory {
  private readonly setting: HttpSetting;
  private readonly connections: ConnectionSettings;
  private readonly policy: SharedByClients['user']['connections'];
  private readonly target: SharedByClients['target'];
  private readonly shared: ConnectionPool;

  constructor(
    setting: HttpSetting,
    connections: ConnectionSettings,
    policy: SharedByClients['user']['connections'],
    target: SharedByClients['target'],
  ) {
    this.setting = setting;
    this.connections = connections;
    this.policy = policy;
    this.target = target;
    this.shared = new ConnectionPool(connections, policy !== 'none');
  }

  newClient(scope: RequestScope, user: Identity): { readonly http: HttpClient; close(): void } {
    const isOwn = this.policy === 'perUser';
    const pool = isOwn ? new ConnectionPool(this.connections, true) : this.shared;
    const http = new HttpClient(scope, this.setting, pool, this.headersOf(user));
    return {
      http,
      close: () => {
        if (isOwn) pool.close();
      },
    };
  }

  close(): void {
    this.shared.close();
  }

  private headersOf(user: Identity): readonly string[] {
    const { headers = {} } = this.setting.defaults;
    const { target } = this;
    const own = typeof headers === 'function' ? headers({ user, target }) : headers;
    return Object.entries(own).flat();
  }
}

/** Departures from the safe defaults, for every report to show. */
export function httpFlags({ tls, proxy }: HttpDefaults): string[] {
  return [
    ...(tls?.acceptAnyCertificate === true ? ['TLS: any certificate is accepted'] : []),
    ...(proxy === undefined ? [] : [`sent through the proxy ${new URL(proxy).host}`]),
  ];
}
