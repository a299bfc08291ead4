/** A server on a real socket that behaves like GitHub's API for issues, unless a test changes that. */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface StoredIssue {
  readonly number: number;
  readonly title: string;
  body: string;
  labels: readonly string[];
  state: string;
  readonly comments: string[];
  readonly isPull?: boolean;
}

/** Returns true if it has answered, or never will. */
export type Fault = (call: string, response: ServerResponse) => boolean;

export const token = 'ghp_0123456789abcdefSECRET';
export const repository = 'acme/shop';

export class GithubServer {
  readonly issues: StoredIssue[] = [];
  /** `GET /repos/acme/shop/issues?…`, in order. */
  readonly calls: string[] = [];
  fault: Fault = () => false;
  private readonly server = createServer();

  static async start(): Promise<GithubServer> {
    const made = new GithubServer();
    made.server.on('request', (request, response) => {
      void text(request).then((body) => {
        const call = `${request.method ?? ''} ${request.url ?? ''}`;
        made.calls.push(call);
        if (made.fault(call, response)) return;
        if (request.headers.authorization !== `token ${token}`) {
          sendJson(response, 401, { message: 'Bad credentials' });
        } else made.answer(call, body, response);
      });
    });
    made.server.listen(0, '127.0.0.1');
    await once(made.server, 'listening');
    return made;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  add(more: Partial<StoredIssue>): StoredIssue {
    const number = this.issues.length + 1;
    const base = { number, title: '', body: '', labels: ['load-regression'], state: 'open' };
    const issue = { ...base, comments: [], ...more };
    this.issues.push(issue);
    return issue;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private answer(call: string, body: string, response: ServerResponse): void {
    const [, method, path = '', query = ''] = /^(\w+) ([^?]*)\??(.*)$/.exec(call) ?? [];
    const base = `/repos/${repository}/issues`;
    const sent = body === '' ? {} : (JSON.parse(body) as Partial<StoredIssue>);
    const [, number, comments] = /^\/(\d+)(\/comments)?$/.exec(path.slice(base.length)) ?? [];
    const issue = this.issues[Number(number) - 1];
    if (!path.startsWith(base)) sendJson(response, 404, { message: 'Not Found' });
    else if (method === 'GET') sendJson(response, 200, this.page(new URLSearchParams(query)));
    else if (method === 'POST' && path === base) {
      sendJson(response, 201, this.shown(this.add(sent)));
    } else if (issue === undefined) sendJson(response, 404, { message: 'Not Found' });
    else if (comments !== undefined) {
      issue.comments.push(sent.body ?? '');
      sendJson(response, 201, { id: 1 });
    } else {
      Object.assign(issue, sent);
      sendJson(response, 200, this.shown(issue));
    }
  }

  private page(query: URLSearchParams): unknown[] {
    const [size, page] = [Number(query.get('per_page')), Number(query.get('page'))];
    const label = query.get('labels') ?? '';
    return this.issues
      .filter(({ state, labels }) => state === query.get('state') && labels.includes(label))
      .slice((page - 1) * size, page * size)
      .map((issue) => this.shown(issue));
  }

  private shown({ number, title, body, labels, state, isPull = false }: StoredIssue) {
    const html_url = `https://github.example/${repository}/issues/${number}`;
    const pull = isPull ? { pull_request: {} } : {};
    const named = labels.map((name) => ({ id: 1, name, color: 'ededed' }));
    return { number, title, body, state, html_url, labels: named, ...pull };
  }
}

export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const type = { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(status, { ...type, ...headers }).end(JSON.stringify(body));
}
