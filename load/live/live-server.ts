/**
 * The live view: shows runs in a browser on this machine while they run. Start reading here. `gate.ts`
 * controls the access, `viewers.ts` sends the events, `run-follower.ts` reads the logs, `page/` shows
 * them. The functions that start and steer loads are passed in; without them the page only shows.
 */
import { createReadStream, existsSync, lstatSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { z } from 'zod';
import { backgroundClock, type Clock } from '../platform/clock.ts';
import { ownFile } from '../platform/own-file.ts';
import { reasonOf } from '../platform/words.ts';
import type { ReportSection } from '../report/text/report-section.ts';
import { comparedRuns } from './compared-runs.ts';
import { Gate, jsonBody, Refusal, type Asked } from './gate.ts';
import type { LiveActions } from './live-actions.ts';
import type { LiveHome } from './page-data.ts';
import { RunFollower } from './run-follower.ts';
import { RunFolders } from './run-list.ts';
import { Viewers } from './viewers.ts';

export interface LiveServerOptions {
  /** The folder of all runs. */
  readonly reports: string;
  /** Default: any free one. */
  readonly port?: number;
  /** Shows only this run. Default: all. */
  readonly runId?: string;
  /** Report sections that only some loads have. */
  readonly sections?: readonly ReportSection[];
  /** Default: nothing can be started, changed or removed. */
  readonly actions?: LiveActions;
  /** The environment of the baselines with which runs are compared. Default: `local`. */
  readonly environment?: string;
  readonly clock?: Clock;
}

/** Browsers open several connections each. */
const mostConnections = 200;
/** A slower client is not a browser. */
const patienceMs = 10_000;
const pagePath = ownFile('load/live/page.html');
const runId = z.string().max(200);
const idInput = z.strictObject({ run: runId });
const steerInput = z.strictObject({
  run: runId,
  users: z.number().optional(),
  rate: z.number().optional(),
});
const nameInput = z.strictObject({ name: z.string().max(200) });

type Answer = (asked: Asked, request: IncomingMessage) => unknown;

export class LiveServer {
  private readonly options: LiveServerOptions;
  private readonly clock: Clock;
  private readonly gate = new Gate();
  private readonly folders: RunFolders;
  private readonly viewers: Viewers;
  private readonly server: Server;
  private readonly routes: ReadonlyMap<string, Answer>;

  private constructor(options: LiveServerOptions) {
    this.options = options;
    this.clock = options.clock ?? backgroundClock();
    this.folders = new RunFolders(options.reports);
    this.viewers = new Viewers({ clock: this.clock, follow: (id) => this.follow(id) });
    this.routes = new Map(Object.entries({ ...this.reading(), ...this.acting() }));
    this.server = createServer((request, response) => {
      void this.answer(request, response);
    });
    this.server.maxConnections = mostConnections;
    this.server.headersTimeout = patienceMs;
    this.server.requestTimeout = patienceMs;
  }

  /** Rejects if the port is not available. */
  static async open(options: LiveServerOptions): Promise<LiveServer> {
    const live = new LiveServer(options);
    await new Promise<void>((resolve, reject) => {
      live.server.once('error', reject);
      live.server.listen(options.port ?? 0, '127.0.0.1', resolve);
    });
    live.gate.openAt(live.port);
    return live;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Contains the token: whoever has it may do everything that the page may. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/?token=${this.gate.token}`;
  }

  /** Sends the viewers a last update and ends their connections. */
  async close(): Promise<void> {
    await this.viewers.close();
    const closed = new Promise((resolve) => this.server.close(resolve));
    this.server.closeIdleConnections();
    const cut = this.clock.at(this.clock.now() + 1000, () => {
      this.server.closeAllConnections();
    });
    await closed;
    this.clock.cancel(cut);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    response.setHeader('cache-control', 'no-store');
    try {
      const asked = this.gate.asked(request);
      await this.serve(asked, request, response);
    } catch (error) {
      const status = error instanceof Refusal ? error.status : 500;
      // The rest of the body is discarded, and the connection accepts nothing more.
      request.resume();
      if (response.headersSent) response.destroy();
      else {
        response.setHeader('connection', 'close');
        sayJson(response, status, { error: reasonOf(error) });
      }
    }
  }

  private async serve(
    asked: Asked,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const { method, url, hasToken } = asked;
    const { pathname, searchParams } = url;
    if (method === 'GET' && pathname === '/') this.servePage(response, hasToken);
    else if (method === 'GET' && pathname.startsWith('/report/'))
      this.serveFile(pathname, response);
    else if (method === 'GET' && pathname === '/events') {
      const load = searchParams.get('load') ?? undefined;
      await this.viewers.add(response, searchParams.get('run') ?? '', load);
    } else {
      const route = this.routes.get(`${method} ${pathname}`);
      if (route === undefined) throw new Refusal(404, `${method} ${pathname}: no such thing here`);
      sayJson(response, 200, (await route(asked, request)) ?? {});
    }
  }

  private servePage(response: ServerResponse, isFirst: boolean): void {
    if (!existsSync(pagePath))
      throw new Refusal(500, 'the page is not built; npm run build:page builds it');
    if (isFirst) response.setHeader('set-cookie', this.gate.cookie);
    response.setHeader(
      'content-security-policy',
      "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    );
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(readFileSync(pagePath));
  }

  /** `/report/<key>/<run>/<file>`: only files in the folder itself. */
  private serveFile(pathname: string, response: ServerResponse): void {
    const [, , key = '', run = '', file = '', ...more] = pathname.split('/').map(decoded);
    const folder = this.isShown(run) ? this.folders.folderOf(run) : undefined;
    const isPlain = /^[^/\\\0]+$/.test(file) && !file.startsWith('.') && more.length === 0;
    const path = folder === undefined || !isPlain ? undefined : join(folder, file);
    if (key !== this.gate.readKey || path === undefined || !isFile(path))
      throw new Refusal(404, 'no such file');
    const type = types[extname(path)];
    response.writeHead(200, {
      'content-type': type ?? 'application/octet-stream',
      // A report may come from elsewhere, so it gets its own origin, which cannot start anything.
      'content-security-policy': 'sandbox allow-scripts allow-downloads',
      ...(type === undefined ? { 'content-disposition': 'attachment' } : undefined),
    });
    createReadStream(path)
      .on('error', () => response.destroy())
      .pipe(response);
  }

  private reading(): Record<string, Answer> {
    const { runId: only, actions, environment = 'local' } = this.options;
    const home: LiveHome = {
      only,
      canStart: actions !== undefined,
      files: `/report/${this.gate.readKey}/`,
    };
    return {
      'GET /api/home': () => home,
      'GET /api/runs': () => ({ ...this.folders.list(), running: actions?.running() ?? [] }),
      'GET /api/compare': ({ url: { searchParams } }) => {
        const folders = ['before', 'after'].map((name) => this.shown(searchParams.get(name) ?? ''));
        return comparedRuns([folders[0]!, folders[1]!], environment);
      },
    };
  }

  private acting(): Record<string, Answer> {
    const { actions } = this.options;
    if (actions === undefined) return {};
    const given = async <T>(schema: z.ZodType<T>, request: IncomingMessage): Promise<T> => {
      const parsed = schema.safeParse(await jsonBody(request));
      if (parsed.success) return parsed.data;
      const told = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
      throw new Refusal(400, told.join('; '));
    };
    return {
      'GET /api/startable': () => actions.startable(),
      'GET /api/saved': () => actions.saved(),
      'POST /api/check': async (_, request) => ({
        problems: actions.check(await jsonBody(request)),
      }),
      'POST /api/start': async (_, request) => ({ runs: actions.start(await jsonBody(request)) }),
      'POST /api/save': async (_, request) => {
        actions.save(await jsonBody(request));
      },
      'POST /api/start-saved': async (_, request) => {
        const { name } = await given(nameInput, request);
        return { runs: actions.startSaved(name) };
      },
      'POST /api/stop': async (_, request) => {
        actions.stop((await given(idInput, request)).run);
      },
      'POST /api/steer': async (_, request) => {
        const { run, ...change } = await given(steerInput, request);
        actions.steer(run, change);
      },
      'POST /api/delete': async (_, request) => {
        const { run } = await given(idInput, request);
        if (actions.running().includes(run)) throw new Refusal(409, `${run}: is under way`);
        asRefusal(409, () => {
          this.folders.remove(run, this.clock.epochMs + this.clock.now());
        });
      },
    };
  }

  private follow(id: string): RunFollower {
    const { sections = [], actions } = this.options;
    const folder = this.options.runId === id ? join(this.options.reports, id) : this.shown(id);
    return new RunFollower(folder, {
      clock: this.clock,
      sections,
      filesOf: (log) => [
        { name: log, what: 'interval log: what everything here is computed from' },
      ],
      started: () => actions?.startedOf(id),
    });
  }

  private isShown(id: string): boolean {
    return this.options.runId === undefined || this.options.runId === id;
  }

  private shown(id: string): string {
    const folder = this.isShown(id) ? this.folders.folderOf(id) : undefined;
    if (folder === undefined) throw new Refusal(404, `${id}: no such run in the reports`);
    return folder;
  }
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.md': 'text/plain; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Returns the result of `run`. An error becomes an answer with that status. */
function asRefusal<T>(status: number, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(status, reasonOf(error));
  }
}

function isFile(path: string): boolean {
  // The folder may come from elsewhere, and a link in it may lead out of it.
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new Refusal(400, 'the address: accepted is a path');
  }
}

function sayJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(`${JSON.stringify(body)}\n`);
}
