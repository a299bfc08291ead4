/** A relay between a load and its service: records the requests, and may answer in place of the service. */
import { Agent, createServer, request as ask, type ServerResponse } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listening } from './client-harness.ts';

export interface Asked {
  /** `POST /query`; for MCP with the called method: `POST /mcp tools/call read_file`. */
  readonly what: string;
  /** From 0, over all requests except the monitor's. */
  readonly number: number;
  /** The id of a JSON-RPC request. */
  readonly id: unknown;
}

/** Returns true if it has handled the request, even by never answering. */
export type Instead = (asked: Asked, response: ServerResponse) => boolean;

export interface Relay {
  readonly url: string;
  /** In the order of arrival. */
  readonly seen: readonly string[];
  /** Whether the whole answer to the request with this number has been passed on. */
  isAnswered(number: number): boolean;
  close(): Promise<void>;
}

export async function relayTo(serviceUrl: string, instead: Instead = () => false): Promise<Relay> {
  const seen: string[] = [];
  const answered = new Set<number>();
  const agent = new Agent({ keepAlive: true });
  const pass = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await buffer(request);
    const { what, id } = described(request, body);
    let number = -1;
    // Requests of the monitor, beside the load.
    if (what !== 'GET /metrics') {
      number = seen.push(what) - 1;
      if (instead({ what, number, id }, response)) return;
    }
    const { method, headers, url = '/' } = request;
    const onward = ask(serviceUrl + url, { agent, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response).once('finish', () => answered.add(number));
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  };
  const server = createServer((request, response) => {
    // The client has gone and needs no answer.
    pass(request, response).catch(() => response.destroy());
  });
  const front = await listening(server);
  return {
    url: front.url,
    seen,
    isAnswered: (number) => answered.has(number),
    close: async () => {
      agent.destroy();
      await front.close();
    },
  };
}

function described({ method, url = '/' }: IncomingMessage, body: Buffer) {
  const [path = '/'] = url.split('?', 1);
  const plain = `${method ?? ''} ${path}`;
  if (path !== '/mcp' || body.length === 0) return { what: plain, id: undefined };
  const rpc = JSON.parse(body.toString()) as {
    readonly id?: unknown;
    readonly method: string;
    readonly params?: { readonly name?: string };
  };
  const tool = rpc.params?.name === undefined ? '' : ` ${rpc.params.name}`;
  return { what: `${plain} ${rpc.method}${tool}`, id: rpc.id };
}
