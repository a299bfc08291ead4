/**
 * MCP over Streamable HTTP, on the suite's HTTP client, in both forms of the protocol: stateless requests
 * (2026-07-28) and initialised sessions (up to 2025-11-25). If the server has forgotten a session, that
 * is a failed call and a lost session; a new one is opened at once, and no call is repeated silently. A
 * request that the server sends within an answer is answered by a separate request.
 */
import type { z } from 'zod';
import { defined } from '../../platform/defined.ts';
import type { Answer, Http, Reply, RequestOptions } from '../http/http.ts';
import { judgePage } from '../http/judge-response.ts';
import {
  anyStatus,
  statelessProtocol,
  type McpAnswer,
  type McpArguments,
  type McpCallOptions,
  type McpClient,
  type McpClientOptions,
  type McpTool,
} from './mcp.ts';
import { headerValue, statelessEnvelope, type RpcAnswer, type RpcResult } from './message.ts';
import { McpReply, type ReplyListener } from './reply.ts';
import {
  agreesOn,
  allTools,
  initialized,
  initializedNote,
  initializeParams,
  negotiate,
  resultIn,
  toolList,
} from './results.ts';
import { isVerdict, toolAnswerOf, verdictOn } from './tool-result.ts';
import { RequestNotOk, type Verdict } from '../scope.ts';

const accept = 'application/json, text/event-stream';
/** Statuses with which a server says that it does not know the newest protocol. */
const refusals = [200, 400, 404, 405, 406, 415, 422, 501];
/** The session is unknown. A 400 may mean that too, or anything else. */
const forgotten = [404, 410];
/** A server may refuse to end sessions (405) or have forgotten this one. */
const farewells = [200, 202, 204, 400, 405, ...forgotten];
/** These answers to a `ping` tell whether the session is known. None of them is a failure. */
const signsOfLife = [200, 400, ...forgotten];
const methodNotFound = -32601;
/** How many replies to the server's requests may be in flight. Further requests are ignored. */
const mostQuestions = 64;
/** A longer session id is refused, since it is sent with every request. */
const longestSessionId = 1024;

export class McpHttpClient implements McpClient, ReplyListener {
  protocol: string | undefined;
  private readonly http: Http;
  private readonly path: string;
  private readonly options: McpClientOptions;
  private sessionId: string | undefined;
  private nextId = 0;
  /** Replies to the server's requests that are in flight. */
  private questions = 0;

  /** `path` is the path of the endpoint, from `/`. */
  constructor(http: Http, path: string, options: McpClientOptions) {
    this.http = http;
    this.path = path;
    this.options = options;
  }

  async open(): Promise<void> {
    const initialize = (): Promise<string> => this.initialize();
    this.protocol = await negotiate(this.options.protocol, () => this.discover(), initialize);
  }

  listTools(): Promise<readonly McpTool[]> {
    return allTools(async (params) => (await this.result('tools/list', params, toolList)).result);
  }

  async callTool(
    tool: string,
    args: McpArguments,
    { name, accept: accepted = 'success' }: McpCallOptions = {},
  ): Promise<McpAnswer> {
    if (this.protocol === undefined) await this.open();
    let answer: McpAnswer | undefined;
    const judge = (rpc: RpcAnswer): Verdict => {
      const read = toolAnswerOf(rpc);
      if (isVerdict(read)) return read;
      answer = read;
      return accepted === 'any' ? { outcome: 'ok' } : verdictOn(read);
    };
    const params = { name: tool, arguments: args };
    const options = defined({ name, status: accepted === 'any' ? anyStatus : undefined });
    const { sessionId } = this;
    try {
      const reply = await this.send('tools/call', params, judge, options);
      await this.afterRefusal(reply.status, sessionId);
      return answer ?? httpError(reply);
    } catch (error) {
      if (error instanceof RequestNotOk) await this.afterRefusal(error.status, sessionId);
      throw error;
    }
  }

  async close(): Promise<void> {
    const { sessionId } = this;
    const headers = this.headersFor('', undefined);
    this.sessionId = undefined;
    this.protocol = undefined;
    if (sessionId === undefined) return;
    const options = { name: 'end session', headers, status: farewells, judge: judgePage };
    const { status } = await this.http.delete(this.path, options);
    if (status < 300) this.options.onSession('closed');
    if (status === 400 || forgotten.includes(status)) this.options.onSession('lost');
  }

  /** Whether the server speaks the newest protocol. A refusal is an answer like any other. */
  private async discover(): Promise<boolean> {
    let speaks = false;
    const judge = (rpc: RpcAnswer): Verdict => {
      // A web page or an empty body does not mean that the server speaks an older version.
      const isNone = ({ kind }: Verdict): boolean => kind === 'contentType' || kind === 'emptyBody';
      if (rpc.kind === 'unreadable' && isNone(rpc.verdict)) return rpc.verdict;
      speaks = rpc.kind === 'result' && agreesOn(rpc.result, statelessProtocol);
      return { outcome: 'ok' };
    };
    this.protocol = statelessProtocol;
    const options = { name: 'server/discover', status: refusals };
    const asked = this.send('server/discover', {}, judge, options);
    this.protocol = undefined;
    await asked;
    return speaks;
  }

  private async initialize(): Promise<string> {
    this.sessionId = undefined;
    const opened = await this.result('initialize', initializeParams, initialized);
    const { sessionId, result } = opened;
    if (sessionId !== undefined && sessionId.length > longestSessionId) {
      throw new Error(`the server's session id has ${sessionId.length} characters`);
    }
    this.sessionId = sessionId;
    this.protocol = result.protocolVersion;
    const { method: name } = initializedNote;
    const headers = this.headersFor(name, undefined);
    await this.http.post(this.path, { name, json: initializedNote, headers, judge: judgePage });
    if (sessionId !== undefined) this.options.onSession('opened');
    return result.protocolVersion;
  }

  /** Sends a request whose result must fit a schema. */
  private async result<T>(method: string, params: RpcResult, schema: z.ZodType<T>) {
    let result: T | undefined;
    const judge = (rpc: RpcAnswer): Verdict => {
      const read = resultIn(rpc, schema);
      if ('verdict' in read) return read.verdict;
      result = read.result;
      return { outcome: 'ok' };
    };
    const reply = await this.send(method, params, judge, { name: method });
    return { result: result!, sessionId: reply.header('mcp-session-id') };
  }

  private send(
    method: string,
    params: RpcResult,
    judge: (answer: RpcAnswer) => Verdict,
    options: RequestOptions<undefined>,
  ) {
    const id = this.nextId++;
    const isStateless = this.protocol === statelessProtocol;
    const whole = isStateless ? { ...params, _meta: statelessEnvelope } : params;
    const reply = new McpReply(id, this);
    return this.http.post(this.path, {
      ...options,
      json: { jsonrpc: '2.0', id, method, params: whole },
      headers: this.headersFor(method, params['name']),
      isWhole: reply.isWhole,
      resume: reply.resume,
      judge: (answer: Answer) => {
        const { status } = answer;
        // An HTTP error counts as one, whatever its body says, unless the task expects the status or the
        // protocol itself sends its errors with 400.
        const isRead = status < 300 || options.status !== undefined;
        if (!isRead && !(isStateless && status === 400)) return undefined;
        const rpc = reply.read(answer);
        if (status < 300 || rpc.kind !== 'unreadable') return judge(rpc);
        return isRead ? { outcome: 'ok' } : undefined;
      },
    });
  }

  private headersFor(method: string, name: unknown): Readonly<Record<string, string>> {
    const { protocol, sessionId } = this;
    const headers: Record<string, string> = { accept };
    if (protocol !== undefined) headers['mcp-protocol-version'] = protocol;
    if (sessionId !== undefined) headers['mcp-session-id'] = sessionId;
    if (protocol !== statelessProtocol) return headers;
    headers['mcp-method'] = method;
    if (typeof name === 'string') headers['mcp-name'] = headerValue(name);
    return headers;
  }

  /** Stateless requests have no way for the server to ask, nor for a reply. */
  onQuestion(reply: object): void {
    const { path: to } = this;
    if (this.protocol === statelessProtocol || this.questions >= mostQuestions) return;
    this.questions += 1;
    const headers = this.headersFor('', undefined);
    const options = { name: 'answer to the server', json: reply, headers, judge: judgePage };
    const answered = (): void => {
      this.questions -= 1;
    };
    // The reply is counted. The call goes on, however it ended.
    this.http.post(to, options).then(answered, answered);
  }

  onResume(): void {
    this.options.onSession('resumed');
  }

  /** If the server does not know a session any more, it is lost, and a new one takes its place. */
  private async afterRefusal(status: number, sessionId: string | undefined): Promise<void> {
    if (sessionId === undefined || (status !== 400 && !forgotten.includes(status))) return;
    if (status === 400 && (await this.isKnown())) return;
    // Another call of this client may have replaced it meanwhile.
    if (this.sessionId !== sessionId) return;
    this.sessionId = undefined;
    this.protocol = undefined;
    this.options.onSession('lost');
    await this.open();
  }

  /** Whether the session is still known. A 400 may have other reasons, so this sends a `ping`. */
  private async isKnown(): Promise<boolean> {
    let knows = false;
    const judge = (rpc: RpcAnswer): Verdict => {
      knows = rpc.kind === 'result' || (rpc.kind === 'rpcError' && rpc.code === methodNotFound);
      return { outcome: 'ok' };
    };
    const asked = this.send('ping', {}, judge, { name: 'ping', status: signsOfLife });
    // No answer at all says nothing about the session.
    const { status } = await asked.catch(() => ({ status: 200 }));
    if (status === 200) return true;
    return knows;
  }
}

function httpError(reply: Reply<unknown>): McpAnswer {
  return { kind: 'httpError', content: [], text: reply.text(), code: reply.status };
}
