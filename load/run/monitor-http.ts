/**
 * How the monitor sends its requests. The system is asked by the user's own client, with its headers and
 * key. Any other address is asked by a plain client, so that no header or key of the user reaches it.
 */
import { httpClients } from '../clients/http/http-clients.ts';
import type { MonitorAnswer, MonitorHttp } from '../monitor/source.ts';
import type { Clock } from '../platform/clock.ts';
import { defineUser } from '../user/define-user.ts';
import { unmeasuredClient, type Asker, type UnmeasuredClient } from './unmeasured-client.ts';

export interface MonitorClient extends MonitorHttp {
  readonly close: () => Promise<void>;
}

/** `own` is the user's client, for paths of the system itself. */
export function monitorHttp(own: UnmeasuredClient, clock: Clock, asker: Asker): MonitorClient {
  const others = new Map<string, UnmeasuredClient>();
  const clientOf = (origin: string): UnmeasuredClient => {
    const known = others.get(origin) ?? plainClient(origin, clock, asker);
    others.set(origin, known);
    return known;
  };
  return {
    get: (address, { inPieces = false } = {}) => {
      if (address.startsWith('/')) return answerOf(own, address, inPieces);
      const { origin, pathname, search } = new URL(address);
      return answerOf(clientOf(origin), pathname + search, inPieces);
    },
    close: async () => {
      for (const client of [own, ...others.values()]) await client.close();
    },
  };
}

async function answerOf(
  client: UnmeasuredClient,
  path: string,
  inPieces: boolean,
): Promise<MonitorAnswer> {
  const pieces: Uint8Array[] = [];
  const onChunk = (bytes: Uint8Array): void => {
    pieces.push(bytes);
  };
  const reply = await client.get(path, inPieces ? { onChunk } : undefined);
  const contentType = reply.header('content-type') ?? '';
  return inPieces ? { text: '', contentType, pieces } : { text: reply.text(), contentType };
}

/**
 * A client without headers or keys. It asks no list of allowed hosts: the address was named on purpose,
 * and a reading is not load.
 */
export function plainClient(url: string, clock: Clock, asker: Asker): UnmeasuredClient {
  const user = defineUser<unknown, unknown, string, string>({
    system: 'monitored',
    tasks: { none: { run: () => undefined } },
  });
  const newClients = httpClients({ allowedHosts: [new URL(url).hostname] });
  return unmeasuredClient({ user, target: { url }, newClients }, clock, asker);
}
