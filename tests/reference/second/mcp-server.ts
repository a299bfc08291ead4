/**
 * The MCP server as in scenarios.md, with the official SDK: real files, a real repository, real pages.
 * `/mcp` takes stateless requests of both forms of the protocol; `/sessions` those of a session;
 * `/tools/{name}/call` has the same tools as plain REST.
 */
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { closed, exactly, listen, parsedBody, send, type SecondService } from './strict-service.ts';

interface Place {
  readonly folder: string;
  readonly page: string;
}

const restCall = z.strictObject({ arguments: z.unknown() });

interface Tool {
  readonly input: z.ZodType<Record<string, unknown>>;
  readonly run: (input: unknown) => Promise<string>;
}

const git = promisify(execFile);

/** Tools by name. Each accepts exactly its own arguments. */
function toolsAt({ folder, page }: Place): Readonly<Record<string, Tool>> {
  const path = z.string().min(1);
  const repo = z.string().meta({ examples: ['repository'] });
  const url = z.string().meta({ examples: [page] });
  const inside = (given: string): string => {
    const whole = resolve(folder, given);
    if (relative(folder, whole).startsWith('..')) throw new Error(`${given} is outside`);
    return whole;
  };
  const runGit = async (repository: string, ...words: string[]): Promise<string> =>
    (await git('git', ['-C', inside(repository), ...words])).stdout;
  return {
    read_file: tool(z.strictObject({ path }), (input) => readFile(inside(input.path), 'utf8')),
    write_file: tool(z.strictObject({ path, content: z.string() }), async (input) => {
      await writeFile(inside(input.path), input.content);
      return `wrote ${input.path}`;
    }),
    git_status: tool(z.strictObject({ repo_path: repo }), ({ repo_path: at }) =>
      runGit(at, 'status', '--branch', '--porcelain'),
    ),
    git_log: tool(
      z.strictObject({ repo_path: repo, max_count: z.int().min(1).max(100) }),
      (input) => runGit(input.repo_path, 'log', `--max-count=${input.max_count}`),
    ),
    web_scrape: tool(z.strictObject({ url }), async (input) => {
      if (input.url !== page) throw new Error(`${input.url} may not be fetched`);
      return (await fetch(input.url)).text();
    }),
  };
}

function tool<T extends Record<string, unknown>>(
  input: z.ZodType<T>,
  run: (input: T) => Promise<string>,
): Tool {
  return { input, run: (given) => run(exactly(input, given)) };
}

/** Starts the server in a new folder, which `close` removes. */
export async function secondMcpServer(): Promise<SecondService> {
  const folder = await mkdtemp(join(tmpdir(), 'second-mcp-'));
  await newRepository(join(folder, 'repository'));
  const refusals: string[] = [];
  const served = new Map<string, number>();
  const told = (one: Tool, name: string): Tool => ({
    ...one,
    run: async (input) => {
      try {
        const text = await one.run(input);
        served.set(name, (served.get(name) ?? 0) + 1);
        return text;
      } catch (error) {
        refusals.push(`${name}: ${String(error)}`);
        throw error;
      }
    },
  });
  let listener: Listener = () => undefined;
  const server = createServer((request, response) => {
    listener(request, response);
  });
  const origin = await listen(server);
  const plain = Object.entries(toolsAt({ folder, page: `${origin}/page` }));
  const tools = Object.fromEntries(plain.map(([name, one]) => [name, told(one, name)]));
  listener = faces(tools, refusals);
  return { origin, refusals, served, close: () => end(server, folder) };
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

async function end(server: Server, folder: string): Promise<void> {
  await closed(server);
  await rm(folder, { recursive: true });
}

function faces(tools: Readonly<Record<string, Tool>>, refusals: string[]): Listener {
  const alone = toNodeHandler(
    createMcpHandler(() => newServer(tools), { onerror: (error) => refusals.push(String(error)) }),
  );
  const sessions = inSessions(tools);
  return (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://second');
    const called = /^\/tools\/(\w+)\/call$/.exec(pathname)?.[1];
    if (pathname === '/mcp') {
      void alone(request as IncomingMessage & { method: string; url: string }, response);
    } else if (pathname === '/sessions') void sessions(request, response);
    else if (pathname === '/health') send(response, 200, { status: 'ok' });
    // Plain REST has no list of tools.
    else if (pathname === '/tools') send(response, 404, { error: 'there is no list of tools' });
    else if (pathname === '/page') response.end('<title>A page</title><p>Some text.</p>');
    else if (called !== undefined) void rest(tools[called], request, response, refusals);
    else {
      refusals.push(`${request.method} ${pathname}: 404`);
      send(response, 404, { error: `there is no ${pathname}` });
    }
  };
}

function newServer(tools: Readonly<Record<string, Tool>>): McpServer {
  const server = new McpServer({ name: 'second', version: '1.0.0' });
  for (const [name, { input, run }] of Object.entries(tools)) {
    server.registerTool(name, { inputSchema: input }, async (given) => ({
      content: [{ type: 'text', text: await run(given) }],
    }));
  }
  return server;
}

/** A transport and a server for each session. An unknown session is answered with 404. */
function inSessions(tools: Readonly<Record<string, Tool>>) {
  const open = new Map<string, NodeStreamableHTTPServerTransport>();
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const id = request.headers['mcp-session-id'];
    if (typeof id === 'string') {
      const known = open.get(id);
      if (known === undefined) send(response, 404, { error: `there is no session ${id}` });
      else await known.handleRequest(request, response);
      return;
    }
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (session) => void open.set(session, transport),
      onsessionclosed: (session) => void open.delete(session),
    });
    await newServer(tools).connect(transport);
    await transport.handleRequest(request, response);
  };
}

async function rest(
  called: Tool | undefined,
  request: IncomingMessage,
  response: ServerResponse,
  refusals: string[],
): Promise<void> {
  try {
    if (called === undefined) throw new Error('there is no such tool');
    const call = exactly(restCall, await parsedBody(request));
    send(response, 200, { result: await called.run(call.arguments), success: true });
  } catch (error) {
    refusals.push(String(error));
    send(response, 200, { result: null, success: false, error: String(error) });
  }
}

async function newRepository(at: string): Promise<void> {
  await mkdir(at);
  await writeFile(join(at, 'README.md'), 'A repository.\n');
  const who = ['-c', 'user.name=Second', '-c', 'user.email=second@localhost'];
  await git('git', ['-C', at, 'init', '--quiet']);
  await git('git', ['-C', at, 'add', '.']);
  await git('git', ['-C', at, ...who, 'commit', '--quiet', '--message', 'Begin']);
}
