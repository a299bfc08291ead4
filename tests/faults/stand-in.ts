/** A health agent of a test's own on a real socket: it answers well until the test says otherwise. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface SeenRequest {
  readonly path: string;
  /** Whether the load sent it, and not the checks before it. */
  readonly isLoad: boolean;
  readonly key: string | undefined;
  /** From 1, over the requests of the load (health checks are none). */
  readonly number: number;
}

/** True where it has dealt with the request, if only by never answering. */
export type Misbehaviour = (request: SeenRequest, response: ServerResponse) => boolean;

export class StandIn {
  readonly url: string;
  /** Requests of the load itself. */
  loadRequests = 0;
  /** All requests, checks and the monitor's included. */
  requests = 0;
  private readonly server: Server;
  private readonly misbehaves: Misbehaviour;

  private constructor(server: Server, misbehaves: Misbehaviour, scheme: 'http' | 'https') {
    this.server = server;
    this.misbehaves = misbehaves;
    this.url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request, response) => void this.answer(request, response));
  }

  /** With a certificate it speaks TLS. */
  static async start(
    misbehaves: Misbehaviour = () => false,
    certificate?: { readonly cert: string; readonly key: string },
  ): Promise<StandIn> {
    const server = certificate === undefined ? createServer() : createSecureServer(certificate);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new StandIn(server, misbehaves, certificate === undefined ? 'http' : 'https');
  }

  /** Refuses connections from now on and cuts the present ones; safe to call again. */
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
