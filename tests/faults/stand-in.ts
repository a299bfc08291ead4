/** A health agent on a real socket that answers correctly until the test changes that. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  readonly path: string;
  /** True if the load sent it, not the checks before it. */
  readonly isLoad: boolean;
  readonly key: string | undefined;
  /** From 1, over the requests of the load, without health checks. */
  readonly number: number;
}

/** Returns true if it has handled the request, even by never answering. */
export type Misbehaviour = (request: SeenRequest, response: ServerResponse) => boolean;

export class StandIn {
  readonly url: string;
  /** Requests of the load itself. */
  loadRequests = 0;
  /** All requests, including checks and the monitor's. */
  requests = 0;
  private readonly server: Server;
  private readonly misbehaves: Misbehaviour;

  private constructor(server: Server, misbehaves: Misbehaviour, scheme: 'http' | 'https') {
    this.server = server;
    this.misbehaves = misbehaves;
    this.url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => void this.answer(request, response));
  }

  /** With a certificate it uses TLS. */
  static async start(
    misbehaves: Misbehaviour = () => false,
    certificate?: { readonly cert: string; readonly key: string },
  ): Promise<StandIn> {
    const server = certificate === undefined ? createServer() : createSecureServer(certificate);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new StandIn(server, misbehaves, certificate === undefined ? 'http' : 'https');
  }

  /** Refuses new connections and cuts the existing ones. Safe to call again. */
  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    const { pathname: path, searchParams } = new URL(request.url ?? '/', this.url);
    const body = await text(request);
    const json = body === '' ? {} : (JSON.parse(body) as { user_id?: string });
    const user_id = json.user_id ?? searchParams.get('user_id') ?? '';
    const isCheck = path === '/health' || path === '/api/v1/metrics';
    const isLoad = !isCheck && !user_id.includes('-preflight');
    if (isLoad) this.loadRequests += 1;
    const key = request.headers['x-api-key']?.toString();
    if (this.misbehaves({ path, isLoad, key, number: this.loadRequests }, response)) return;
    const reply = {
      user_id,
      response: 'Drink water.',
      timestamp: 'now',
      food_name: 'oats',
      reminders: [],
      xp: 1,
    };
    sendJson(response, 200, reply);
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
