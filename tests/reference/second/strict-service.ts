/**
 * Common parts of the second implementations: plain node:http, a table of routes, and bodies that match
 * the contract exactly. Nothing here comes from `load/` or `fixtures/reference`, so that a mistake made
 * in both is noticed.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { z } from 'zod';

export interface SecondService {
  readonly origin: string;
  /** Refused requests: `POST /query: 422 top_k: …`. Empty if every request kept the contract. */
  readonly refusals: readonly string[];
  /** How often a route answered successfully: `POST /query` → 12. */
  readonly served: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

export interface Asked {
  readonly body: unknown;
  readonly query: URLSearchParams;
  readonly response: ServerResponse;
}

/** An answer is a status and JSON; `undefined` if the route wrote to the response itself. */
export type Route = (asked: Asked) => readonly [status: number, json: unknown] | undefined;

/** `POST /query` → its route. */
export type Routes = Readonly<Record<string, Route>>;

export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The body or query in the form of the contract. Anything else is refused with 422 and the error. */
export function exactly<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Refusal(422, wrong.join('; '));
}

export async function strictService(routes: Routes): Promise<SecondService> {
  const refusals: string[] = [];
  const served = new Map<string, number>();
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://second');
    const name = `${request.method} ${pathname}`;
    answer(routes, name, request, searchParams, response).then(
      () => served.set(name, (served.get(name) ?? 0) + 1),
      (error: unknown) => {
        const status = error instanceof Refusal ? error.status : 500;
        refusals.push(`${name}: ${status} ${String(error)}`);
        send(response, status, { detail: String(error) });
      },
    );
  });
  return { origin: await listen(server), refusals, served, close: () => closed(server) };
}

async function answer(
  routes: Routes,
  name: string,
  request: IncomingMessage,
  query: URLSearchParams,
  response: ServerResponse,
): Promise<void> {
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (route === undefined) throw new Refusal(404, `there is no ${name}`);
  const result = route({ body: await parsedBody(request), query, response });
  if (result !== undefined) send(response, ...result);
}

/** The JSON body of a request. Its content type must be declared, and a key must be a bearer token. */
export async function parsedBody(request: IncomingMessage): Promise<unknown> {
  const { headers, method } = request;
  const text = await bodyOf(request);
  if (method === 'GET' && text !== '') throw new Refusal(400, 'GET comes without a body');
  if (method === 'POST' && !/^application\/json\b/.test(headers['content-type'] ?? '')) {
    throw new Refusal(415, `content-type is ${headers['content-type']}, not application/json`);
  }
  if (headers.authorization !== undefined && !/^Bearer \S+$/.test(headers.authorization)) {
    throw new Refusal(401, 'authorization is no bearer token');
  }
  if (headers['x-api-key'] === '') throw new Refusal(401, 'x-api-key is empty');
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal(400, `not JSON: ${String(error)}`);
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

export function send(response: ServerResponse, status: number, json: unknown): void {
  if (response.headersSent) return;
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(json));
}

/** Listens on a free port of loopback. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

export async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
