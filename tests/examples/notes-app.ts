/**
 * Pages with a login, for recording in a browser: a hidden field, a redirect, a token per session and an
 * id per note, all new each time. Recorded values that are sent again are refused.
 */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export const password = 'correct horse "battery" ${staple}';

type Answer = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];

const loginPage = (csrf: string): string => `<!doctype html><title>Notes</title>
<link rel="stylesheet" href="/style.css"><form method="post" action="/login">
<input type="hidden" name="csrf" value="${csrf}"><input name="user"><input name="password" type="password">
<button>Log in</button></form>`;

const notesPage = `<!doctype html><title>Notes</title><button onclick="add()">Add</button><p id="note"></p>
<script>
  const add = async () => {
    const { token } = await (await fetch('/api/session')).json();
    const headers = { authorization: 'Bearer ' + token, 'content-type': 'application/json' };
    const body = JSON.stringify({ title: 'It\\'s "new"', tags: ['a', '\${b}'] });
    const { note: made } = await (await fetch('/api/notes', { method: 'POST', headers, body })).json();
    const answer = await fetch('/api/notes/' + made.id + '?full=true', { headers });
    note.textContent = (await answer.json()).title;
  };
</script>`;

export class NotesApp {
  /** How often each request was answered. */
  readonly answered = new Map<string, number>();
  readonly refused: string[] = [];
  private readonly fields = new Set<string>();
  private readonly sessions = new Set<string>();
  private readonly tokens = new Set<string>();
  private readonly notes = new Map<string, unknown>();
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request).then(([status, body, headers = {}]) => {
      const isText = typeof body === 'string';
      const type = isText ? 'text/html; charset=utf-8' : 'application/json';
      response.writeHead(status, { 'content-type': type, ...headers });
      response.end(isText ? body : JSON.stringify(body));
    });
  });

  static async start(): Promise<NotesApp> {
    const app = new NotesApp();
    app.server.listen(0, '127.0.0.1');
    await once(app.server, 'listening');
    return app;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  /** As on another day: earlier sessions, tokens and notes are gone. */
  forget(): void {
    for (const known of [this.fields, this.sessions, this.tokens, this.notes]) known.clear();
    this.answered.clear();
    this.refused.length = 0;
  }

  private async answer(request: IncomingMessage): Promise<Answer> {
    const { pathname } = new URL(request.url ?? '/', this.url);
    const route = `${request.method} ${pathname.replace(/notes\/.+/, 'notes/{id}')}`;
    const answer = this.reply(route, request, await text(request));
    if (answer[0] >= 400) this.refused.push(route);
    this.answered.set(route, (this.answered.get(route) ?? 0) + 1);
    return answer;
  }

  private reply(route: string, { headers, url = '' }: IncomingMessage, body: string): Answer {
    const session = /sid=([\w-]+)/.exec(headers.cookie ?? '')?.[1] ?? '';
    const token = headers.authorization?.replace('Bearer ', '') ?? '';
    switch (route) {
      case 'GET /login':
        return [200, loginPage(this.new(this.fields))];
      case 'GET /style.css':
        return [200, 'p {}', { 'content-type': 'text/css' }];
      case 'POST /login':
        return this.logIn(new URLSearchParams(body));
      case 'GET /notes':
        return this.sessions.has(session) ? [200, notesPage] : [401, { error: 'log in' }];
      case 'GET /api/session':
        if (!this.sessions.has(session)) return [401, { error: 'log in' }];
        return [200, { token: this.new(this.tokens), user: 'ann' }];
      case 'POST /api/notes': {
        if (!this.tokens.has(token)) return [401, { error: 'no token' }];
        const id = randomUUID();
        this.notes.set(id, JSON.parse(body));
        return [201, { note: { id, tags: [] } }];
      }
      case 'GET /api/notes/{id}': {
        const id = new URL(url, this.url).pathname.split('/').at(-1)!;
        const isKnown = this.tokens.has(token) && this.notes.has(id);
        return isKnown ? [200, this.notes.get(id)] : [404, { error: 'no such note' }];
      }
      default:
        return [404, { error: route }];
    }
  }

  private logIn(form: URLSearchParams): Answer {
    const isField = this.fields.delete(form.get('csrf') ?? '');
    if (!isField || form.get('password') !== password) return [403, { error: 'not you' }];
    const cookie = `sid=${this.new(this.sessions)}; Path=/; HttpOnly`;
    return [302, '', { location: '/notes', 'set-cookie': cookie }];
  }

  private new(known: Set<string>): string {
    const made = randomUUID();
    known.add(made);
    return made;
  }
}
