/** Probes of the MCP endpoint itself: access, sessions, mixed-up answers, and requests that are too large. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Http, Reply } from '../../clients/http/http.ts';
import { sessionProtocol, statelessProtocol } from '../../clients/mcp/mcp.ts';
import { statelessEnvelope } from '../../clients/mcp/message.ts';
import { initializedNote, initializeParams } from '../../clients/mcp/results.ts';
import type { Place, Probe, ProbeReplies, ProbeTools, SendingProbe } from './probe.ts';

const name = 'probe';
const accept = 'application/json, text/event-stream';
const foreign = 'evil.example';
const neighbours = 4;
const nesting = 10_000;
const hugeBytes = 20_000_000;

type Headers = Readonly<Record<string, string>>;

interface Sending {
  readonly http: Http;
  readonly endpoint: string;
  readonly headers?: Headers;
}

const anyAnswer = () => ({ outcome: 'ok' }) as const;

/** Any answer is accepted; `undefined` if the connection broke. */
function post(
  { http, endpoint, headers = {} }: Sending,
  body: unknown,
): Promise<Reply<undefined> | undefined> {
  const options = { name, headers: { accept, ...headers }, judge: anyAnswer };
  const sent = Buffer.isBuffer(body) ? { body, type: 'application/json' } : { json: body };
  return http.post(endpoint, { ...options, ...sent }).catch(() => undefined);
}

/** A read of a file in the sandbox that this caller must not be allowed. */
const guarded = ({ inside, secret }: Place): Promise<void> =>
  writeFile(join(inside, 'guarded'), secret);

/**
 * These probes use ids of their own. Otherwise a server that mixes up ids would be found by the wrong
 * probe.
 */
let nextId = 1_000_000;

function readGuarded(place: Place, tools: ProbeTools): object {
  return call(nextId++, tools.named(readCall(place)));
}

function call(id: number, params: object): object {
  return { jsonrpc: '2.0', id, method: 'tools/call', params };
}

function alone(request: object, tool: string): { json: object; headers: Headers } {
  const { params, ...rest } = request as { params: object };
  return {
    json: { ...rest, params: { ...params, _meta: statelessEnvelope } },
    headers: {
      'mcp-protocol-version': statelessProtocol,
      'mcp-method': 'tools/call',
      'mcp-name': tool,
    },
  };
}

/** Starts a session; resolves with its id, if the server gives one. */
async function initialize(sending: Sending): Promise<string | undefined> {
  const asked = { jsonrpc: '2.0', id: 0, method: 'initialize', params: initializeParams };
  const reply = await post(sending, asked);
  const session = reply?.header('mcp-session-id');
  if (session === undefined) return undefined;
  const headers = inSession(session, sending.headers);
  await post({ ...sending, headers }, initializedNote);
  return session;
}

async function end({ http, endpoint, headers }: Sending, session: string): Promise<void> {
  const options = { name, headers: inSession(session, headers), judge: anyAnswer };
  await http.delete(endpoint, options).catch(() => undefined);
}

function inSession(id: string, headers: Headers = {}): Headers {
  return { ...headers, 'mcp-session-id': id, 'mcp-protocol-version': sessionProtocol };
}

function textsOf(replies: readonly (Reply<undefined> | undefined)[]): ProbeReplies {
  return { texts: replies.map((reply) => reply?.text() ?? '') };
}

/** A page that is open in a browser must not be able to call the tools, whatever headers it sends. */
function withHeaders(headers: Headers) {
  return async (place: Place, tools: ProbeTools): Promise<ProbeReplies> => {
    const sending = { http: tools.http, endpoint: tools.endpoint!, headers };
    const request = readGuarded(place, tools);
    const { json, headers: own } = alone(request, tools.named(readCall(place)).name);
    const replies = [await post({ ...sending, headers: { ...own, ...headers } }, json)];
    const session = await initialize(sending);
    if (session !== undefined) {
      replies.push(await post({ ...sending, headers: inSession(session, headers) }, request));
      await end(sending, session);
    }
    return textsOf(replies);
  };
}

function readCall({ insideName }: Place, file = 'guarded') {
  return { tool: 'read_file', args: { path: `${insideName}/${file}` } } as const;
}

/** `ends`: uses the id of a closed session instead of one that never existed. */
function withoutSession(ends: boolean) {
  return async (place: Place, tools: ProbeTools): Promise<ProbeReplies> => {
    const sending = { http: tools.http, endpoint: tools.endpoint! };
    const session = await initialize(sending);
    // A server without sessions cannot mix them up.
    if (session === undefined) return { texts: [], notSent: 'this server has no sessions' };
    await end(sending, session);
    const headers = inSession(ends ? session : randomUUID());
    return textsOf([await post({ ...sending, headers }, readGuarded(place, tools))]);
  };
}

/** Several clients use the same ids at the same time, each for its own file. */
async function sameIds(place: Place, tools: ProbeTools): Promise<ProbeReplies> {
  const sending = { http: tools.http, endpoint: tools.endpoint! };
  const clients = Array.from({ length: neighbours }, (_, i) => `${place.token}-${i}-own`);
  const texts = await Promise.all(
    clients.map(async (own, i) => {
      await writeFile(join(place.inside, `own-${i}`), own);
      const session = await initialize(sending);
      const params = tools.named(readCall(place, `own-${i}`));
      const request = call(0, params);
      const { json, headers } = alone(request, params.name);
      const reply = await (session === undefined
        ? post({ ...sending, headers }, json)
        : post({ ...sending, headers: inSession(session) }, request));
      if (session !== undefined) await end(sending, session);
      return reply?.text() ?? '';
    }),
  );
  const mixed = texts.findIndex((text, i) =>
    clients.some((other, j) => j !== i && text.includes(other)),
  );
  if (mixed === -1) return { texts };
  return { texts, violation: `client ${mixed} got another client's answer: ${texts[mixed]!}` };
}

/** Sends something invalid, then checks that the server still answers normal requests. */
function stillAnswers(body: (place: Place, tools: ProbeTools) => unknown) {
  return async (place: Place, tools: ProbeTools): Promise<ProbeReplies> => {
    const sending = { http: tools.http, endpoint: tools.endpoint! };
    const reply = await post(sending, body(place, tools));
    // The first request may have closed its connection, so the second uses another one.
    const ping = { jsonrpc: '2.0', id: 2, method: 'ping' };
    const after = (await post(sending, ping)) ?? (await post(sending, ping));
    if (after === undefined) return { texts: [], violation: 'the server does not answer any more' };
    return textsOf([reply]);
  };
}

function request(method: string, params: object): object {
  return { jsonrpc: '2.0', id: 1, method, params };
}

/** Built once, as bytes, since building it each time would delay other users. */
const deep = callWith(Buffer.from(`${'{"a":'.repeat(nesting)}0${'}'.repeat(nesting)}`));
let huge: Buffer | undefined;

function hugeCall(): Buffer {
  const [before, after] = [Buffer.from('{"path":"'), Buffer.from('"}')];
  return (huge ??= callWith(Buffer.concat([before, Buffer.alloc(hugeBytes, 'a'), after])));
}

function callWith(args: Buffer): Buffer {
  const start = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"x","arguments":';
  return Buffer.concat([Buffer.from(start), args, Buffer.from('}}')]);
}

function probe(id: string, what: string, send: SendingProbe['send']): SendingProbe {
  return { id: `endpoint-${id}`, family: 'endpoint', what, send };
}

function ofGuarded(id: string, what: string, send: SendingProbe['send']): SendingProbe {
  return { ...probe(id, `read_file with ${what}`, send), prepare: guarded };
}

export const endpointProbes: readonly Probe[] = [
  ofGuarded('1a', `Origin: http://${foreign}`, withHeaders({ origin: `http://${foreign}` })),
  ofGuarded('1b', `Host: ${foreign}`, withHeaders({ host: foreign })),
  ofGuarded('2a', 'the id of a session that never was', withoutSession(false)),
  ofGuarded('2b', 'the id of a session that was ended', withoutSession(true)),
  probe('3', `read_file with the same JSON-RPC id from ${neighbours} clients at once`, sameIds),
  probe(
    '4a',
    'a method that there is not',
    stillAnswers(() => request('no/such/method', {})),
  ),
  probe(
    '4b',
    'a call of a tool that there is not',
    stillAnswers(() => request('tools/call', { name: 'no_such_tool', arguments: {} })),
  ),
  probe(
    '4c',
    'read_file with an argument that it has not',
    stillAnswers((place, tools) => {
      const { name: tool, arguments: args } = tools.named(readCall(place));
      return request('tools/call', { name: tool, arguments: { ...args, unknown: place.nonce } });
    }),
  ),
  probe(
    '4d',
    `a call with ${nesting} levels of JSON`,
    stillAnswers(() => deep),
  ),
  probe('4e', `a call of ${hugeBytes / 1e6} MB`, stillAnswers(hugeCall)),
];
