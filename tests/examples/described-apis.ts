/** The two APIs described in kept/, as strict as their descriptions. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export const petsPassword = 'not-the-one-of-the-example';
export const parcelsKey = 'key-of-parcels';

type Answer = readonly [status: number, body?: unknown];
type Json = Readonly<Record<string, unknown>>;

interface Asked {
  readonly route: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export class DescribedApi {
  /** Requests that were refused, and why. */
  readonly refused: string[] = [];
  readonly routes = new Set<string>();
  private readonly server: Server;

  private constructor(answer: (asked: Asked) => Answer) {
    this.server = createServer((request, response) => {
      void text(request).then((body) => {
        const url = new URL(request.url ?? '/', 'http://localhost');
        const path = url.pathname.replaceAll(/\/(?:\d+|[\da-f-]{36})(?=\/|$)/g, '/{id}');
        const route = `${request.method} ${path}`;
        const [status, json] = answer({ route, url, headers: request.headers, body });
        this.routes.add(route);
        if (status >= 400) this.refused.push(`${route}: ${status} ${body}`);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(json === undefined ? '' : JSON.stringify(json));
      });
    });
  }

  static async start(answer: (asked: Asked) => Answer): Promise<DescribedApi> {
    const api = new DescribedApi(answer);
    api.server.listen(0, '127.0.0.1');
    await once(api.server, 'listening');
    return api;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

/** Ids are in a range that no example would guess. */
export function pets(): (asked: Asked) => Answer {
  const tokens = new Set<string>();
  const known = new Map<number, Json>();
  let last = 4_000_000;
  return ({ route, url, headers, body }) => {
    if (route === 'POST /v1/login') {
      const { email, password } = JSON.parse(body) as Json;
      if (password !== petsPassword || !String(email).includes('@')) return [403];
      const token = randomUUID();
      tokens.add(token);
      return [200, { access_token: token }];
    }
    if (!tokens.has(headers.authorization?.replace('Bearer ', '') ?? '')) return [401];
    const id = Number(url.pathname.split('/')[3]);
    if (route.includes('{id}') && !known.has(id)) return [404];
    switch (route) {
      case 'GET /v1/pets': {
        const limit = Number(url.searchParams.get('limit'));
        return limit >= 5 && limit <= 50 ? [200, [...known.values()].slice(0, limit)] : [400];
      }
      case 'POST /v1/pets': {
        const { name } = JSON.parse(body) as Json;
        if (typeof name !== 'string' || name.length < 3) return [400];
        const pet = { id: ++last, name, owner: null, parent: { id: 1, name: 'Eve' } };
        known.set(pet.id, pet);
        return [201, pet];
      }
      case 'GET /v1/pets/{id}':
        return [200, known.get(id)];
      case 'DELETE /v1/pets/{id}':
        known.delete(id);
        return [204];
      case 'PUT /v1/pets/{id}/photo':
        return body.includes('filename="file.txt"') && body.includes('10') ? [204] : [400];
      case 'POST /v1/visits': {
        const { petId, at } = JSON.parse(body) as Json;
        if (!known.has(Number(petId)) || Number.isNaN(Date.parse(String(at)))) return [400];
        return [201, { visitId: randomUUID(), petId, at }];
      }
      default:
        return [404];
    }
  };
}

export function parcels(): (asked: Asked) => Answer {
  const known = new Set<string>();
  return ({ route, url, headers, body }) => {
    if (headers['x-api-key'] !== parcelsKey) return [401];
    switch (route) {
      case 'POST /api/parcels': {
        const { weight, to, reference, label } = JSON.parse(body) as Json;
        const isWhole = Number(weight) > 0 && to === '`Main` St\u2028 1 */' && label === 'fragile';
        if (!isWhole || String(reference).length !== 36) return [400];
        const tracking = randomUUID();
        known.add(tracking);
        return [201, { data: { tracking, status: null } }];
      }
      case 'GET /api/tracking/{id}':
        return known.has(url.pathname.split('/')[3] ?? '') ? [200, { at: null }] : [404];
      case 'GET /api/depots':
        return [200, { name: 'north', children: [{ name: 'one', children: [] }] }];
      default:
        return [404];
    }
  };
}
