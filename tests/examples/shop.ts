/**
 * The shop that the examples of the docs load. It refuses invalid requests like a real one, and keeps
 * what it was sent.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

export const shopKey = 'a-password-of-load-accounts';
/** The items take this long, so a hundred users are many times as fast as one. */
const itemsMs = 30;
const page = `<!doctype html><title>Shop</title><h1>Tea from everywhere</h1>
<button onclick="add()">Add tea</button> <p id="basket">empty</p>
<script>
  const add = async () => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch('/basket', { method: 'POST', headers, body: '{"item":"tea"}' });
    basket.textContent = (await answer.json()).count + ' in the basket';
  };
</script>`;

interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: Buffer;
  readonly json: Readonly<Record<string, unknown>>;
}

type Answer = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];

export class Shop {
  readonly accounts = new Set<unknown>();
  readonly customers: unknown[] = [];
  readonly tenants = new Set<unknown>();
  readonly invoices: string[] = [];
  refreshed = 0;
  filled = 0;
  pages = 0;
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request, response);
  });
  private readonly tokens = new Map<string, number>();
  private readonly orders = new Set<string>();
  private readonly baskets = new Map<string, number>();
  private made = 0;

  /** How long a token is valid. */
  private readonly tokenMs = 2000;

  static async start(): Promise<Shop> {
    const shop = new Shop();
    shop.server.listen(0, '127.0.0.1');
    await once(shop.server, 'listening');
    return shop;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname: path } = new URL(request.url ?? '/', this.url);
    const bytes = await buffer(request);
    const isJson = request.headers['content-type'] === 'application/json';
    const json = isJson ? (JSON.parse(bytes.toString()) as Asked['json']) : {};
    const asked = { path, headers: request.headers, bytes, json };
    const [status, body, headers = {}] = this.reply(`${request.method} ${path}`, asked);
    if (path === '/items') await setTimeout(itemsMs);
    const isText = typeof body === 'string';
    const type = isText ? 'text/html; charset=utf-8' : 'application/json';
    response.writeHead(status, { 'content-type': type, ...headers });
    response.end(isText ? body : JSON.stringify(body));
  }

  private reply(route: string, asked: Asked): Answer {
    if (route.startsWith('GET /checkout/')) return this.order(asked);
    const answer = this.routes[route];
    return answer === undefined ? [404, { error: `no ${route}` }] : answer(asked);
  }

  private readonly routes: Readonly<Record<string, (asked: Asked) => Answer>> = {
    'GET /': () => {
      this.pages += 1;
      return [200, page, { 'set-cookie': `visit=visit-${++this.made}; Path=/` }];
    },
    'GET /prices': () => [200, { tea: 4.2 }],
    'GET /stock': () => [200, { tea: 7 }],
    'POST /login': ({ json: { account, password } }) => {
      if (password !== shopKey || !/^load-\d+$/.test(String(account))) return wrongKey;
      this.accounts.add(account);
      const session = this.newSession();
      return [200, session, { 'set-cookie': `session=${session.token}; Path=/` }];
    },
    'POST /token': ({ json: { refreshToken } }) => {
      if (!String(refreshToken).startsWith('refresh-')) return wrongKey;
      this.refreshed += 1;
      return [200, this.newSession()];
    },
    'GET /orders': ({ headers }) => {
      const token = headers.authorization?.replace('Bearer ', '') ?? '';
      const isGood = (this.tokens.get(token) ?? 0) > Date.now();
      return isGood ? [200, { orders: [] }] : [401, { error: 'no token, or one that is over' }];
    },
    'GET /account': (asked) => (this.isKnown(asked) ? [200, { name: 'tester' }] : wrongKey),
    'POST /basket': ({ headers: { cookie = '' }, json: { item } }) => {
      if (item !== 'tea' || cookie === '') return [400, { error: 'no tea, or no visitor' }];
      const count = (this.baskets.get(cookie) ?? 0) + 1;
      this.baskets.set(cookie, count);
      return [200, { count }];
    },
    'POST /checkout': ({ headers, json: { item } }) => {
      if (headers['x-api-key'] !== shopKey || item !== 'tea') return wrongKey;
      const id = `order ${++this.made}`;
      this.orders.add(id);
      return [201, { id }];
    },
    'POST /invoices': ({ bytes }) => {
      this.invoices.push(bytes.toString());
      return [200, { id: `invoice ${++this.made}` }];
    },
    'POST /customers': ({ json: { email } }) => {
      if (this.customers.includes(email)) return [409, { error: `${String(email)} is there` }];
      this.customers.push(email);
      return [201, {}];
    },
    'GET /health': () => [200, { status: 'ok' }],
    'GET /items': () => [200, { items: ['tea'] }],
    'POST /items/fill': () => {
      this.filled += 1;
      return [201, {}];
    },
    'POST /orders': ({ headers, json: { customer, item } }) => {
      if (!hasKey(headers) || item !== 'tea') return wrongKey;
      return [201, { orderId: `order of ${String(customer)}` }];
    },
    'GET /gpu/metrics': () => exposition,
    'GET /node/metrics': () => exposition,
    'GET /search': ({ headers }) => {
      // With the key it is the search of the README.
      if (hasKey(headers)) return [200, { total: 1, items: [{ id: 'tea' }] }];
      this.tenants.add(headers['x-tenant']);
      return [200, { items: ['tea'], costCents: 0.4 }];
    },
  };

  private order({ path }: Asked): Answer {
    const id = decodeURIComponent(path.replace('/checkout/', ''));
    return this.orders.has(id) ? [200, { id }] : [404, { error: 'no such order' }];
  }

  private isKnown({ headers: { cookie = '' } }: Asked): boolean {
    return this.tokens.has(/session=([^;]+)/.exec(cookie)?.[1] ?? '');
  }

  private newSession(): { token: string; refreshToken: string; expiresInS: number } {
    const number = ++this.made;
    this.tokens.set(`token-${number}`, Date.now() + this.tokenMs);
    const expiresInS = this.tokenMs / 1000;
    return { token: `token-${number}`, refreshToken: `refresh-${number}`, expiresInS };
  }
}

/** A page of metrics, as exporters have them beside a system. */
const exposition: Answer = [200, 'node_load5 0.5\n', { 'content-type': 'text/plain' }];
const wrongKey: Answer = [401, { error: 'not you' }];

function hasKey({ authorization }: IncomingMessage['headers']): boolean {
  return authorization === `Bearer ${shopKey}`;
}
