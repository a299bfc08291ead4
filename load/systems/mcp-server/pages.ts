/**
 * Web pages that a server may fetch, served by the suite while probes run: a normal one, and others that
 * redirect or never end. If the server refuses even the normal one, a control shows it.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createGzip } from 'node:zlib';
import { listening, onLoopback } from './canary-listener.ts';
import { reasonOf } from '../../platform/words.ts';

const endlessBytes = 1024 ** 3;
/** An idle connection is closed after this time. */
const idleMs = 60_000;
/** A request that exceeds these limits is not one for a page. */
const limits = { requestTimeout: 10_000, connectionsCheckingInterval: 1000 };
const mostBodyBytes = 2 ** 20;
const block = Buffer.alloc(64 * 1024, 'a');
const html = { 'content-type': 'text/html; charset=utf-8' };

interface Served {
  readonly servers: Promise<readonly Server[]>;
  readers: number;
}

/** By URL, since the users of one load share the pages. */
const served = new Map<string, Served>();

/**
 * Serves the pages at `url`, the setting `MCP_SERVER_PAGES_URL`. Each call returns a function; the server
 * ends when all of them have been called. Rejects if the address cannot be used.
 */
export async function servePages(url: string): Promise<() => Promise<void>> {
  const own = served.get(url) ?? { servers: listenAt(url), readers: 0 };
  served.set(url, own);
  own.readers += 1;
  const release = async (): Promise<void> => {
    own.readers -= 1;
    if (own.readers > 0) return;
    served.delete(url);
    await Promise.all((await own.servers).map(close));
  };
  try {
    await own.servers;
  } catch (error) {
    served.delete(url);
    const where = `MCP_SERVER_PAGES_URL=${url}: no pages can be served there`;
    throw new Error(`${where}: ${reasonOf(error)}`, { cause: error });
  }
  return release;
}

/** A name may resolve to either loopback address. */
async function listenAt(url: string): Promise<Server[]> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (host === 'localhost') return onLoopback(Number(port), newServer);
  return [await listening(newServer(), host, Number(port))];
}

function newServer(): Server {
  const server = createServer(limits, (request, response) => {
    response.on('error', () => undefined);
    boundBody(request);
    try {
      answer(new URL(request.url ?? '/', 'http://pages'), response);
    } catch {
      // The client may have turned the URL into one without a valid address, status or header.
      response.writeHead(400, { 'content-type': 'text/plain' }).end('not understood');
    }
  });
  // An endless page is for clients that give up; it is not served for longer than this.
  server.timeout = idleMs;
  return server.unref();
}

async function close(server: Server): Promise<void> {
  const closed = once(server.close(), 'close');
  server.closeAllConnections();
  await closed;
}

/** The request's body is not needed. An endless one ends the connection. */
function boundBody(request: IncomingMessage): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > mostBodyBytes) request.destroy();
  });
  request.on('error', () => undefined);
}

/**
 * `/redirect?to=…&status=302&hops=2` redirects, at last to `to`; `/refresh?to=…` does so inside the page.
 * `/large`, `/packed` and `/endless` are pages that must not be read to their end.
 */
function answer({ pathname, searchParams }: URL, response: ServerResponse): void {
  const to = searchParams.get('to') ?? '/pages/1';
  if (pathname === '/pages/1') sendPage(response, 'This page may be fetched.');
  else if (pathname === '/redirect') redirect(searchParams, to, response);
  else if (pathname === '/refresh') {
    const address = to.replaceAll('"', '%22');
    sendPage(response, `<meta http-equiv="refresh" content="0;url=${address}">moved`);
  } else if (pathname === '/large') {
    response.writeHead(200, { ...html, 'content-length': endlessBytes });
    pour(response, response);
  } else if (pathname === '/packed') {
    response.writeHead(200, { ...html, 'content-encoding': 'gzip' });
    const gzip = createGzip({ level: 1 });
    gzip.pipe(response);
    pour(gzip, response);
  } else if (pathname === '/endless') {
    response.writeHead(200, html);
    response.write('<title>Endless</title>');
  } else response.writeHead(404, { 'content-type': 'text/plain' }).end('no such page');
}

function redirect(parameters: URLSearchParams, to: string, response: ServerResponse): void {
  const status = Number(parameters.get('status') ?? 302);
  const hops = Number(parameters.get('hops') ?? 1);
  const next = new URLSearchParams({ to, status: String(status), hops: String(hops - 1) });
  const location = hops > 1 ? `/redirect?${next.toString()}` : to;
  response.writeHead(status, { location }).end();
}

function sendPage(response: ServerResponse, body: string): void {
  const text = `<!doctype html><html><head><title>Page 1</title></head><body>${body}</body></html>`;
  response.writeHead(200, html).end(text);
}

/** Writes as fast as the client reads, until enough was written or the client has gone. */
function pour(sink: NodeJS.WritableStream, response: ServerResponse): void {
  let left = endlessBytes;
  const more = (): void => {
    while (left > 0 && !response.destroyed) {
      left -= block.length;
      if (!sink.write(block)) {
        sink.once('drain', more);
        return;
      }
    }
    sink.end();
  };
  more();
}
