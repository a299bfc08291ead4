/**
 * MCP over stdin and stdout: a process of the server for each client, one message a line. A process that
 * dies is a lost session; the next call starts a new one.
 */
import { z } from 'zod';
import {
  clientInfo,
  sessionProtocol,
  statelessProtocol,
  type McpAnswer,
  type McpArguments,
  type McpCallOptions,
  type McpClient,
  type McpClientOptions,
  type McpTool,
} from './mcp.ts';
import {
  isVerdict,
  statelessEnvelope,
  toolAnswerOf,
  verdictOn,
  type RpcAnswer,
  type RpcResult,
} from './mcp-message.ts';
import { McpProcess } from './mcp-process.ts';
import { agreesOn, initialized, toolList } from './mcp-results.ts';
import { JudgedFailure, type Verdict } from './scope.ts';

/** Measures what `send` does under a name, with the accounting of any request. */
export type Measure = <T>(name: string, send: () => Promise<T>) => Promise<T>;

export class McpStdioClient implements McpClient {
  protocol: string | undefined;
  private readonly command: readonly string[];
  private readonly measure: Measure;
  private readonly options: McpClientOptions;
  private process: McpProcess | undefined;

  /** `command`: program and arguments. */
  constructor(command: readonly string[], measure: Measure, options: McpClientOptions) {
    this.command = command;
    this.measure = measure;
    this.options = options;
  }

  async open(): Promise<void> {
    const { protocol, onSession } = this.options;
    const started = new McpProcess(this.command, () => {
      if (this.process !== started) return;
      this.process = undefined;
      this.protocol = undefined;
      onSession('lost');
    });
    this.process = started;
    onSession('opened');
    if (protocol !== sessionProtocol && (await this.discover())) {
      this.protocol = statelessProtocol;
    } else if (protocol === statelessProtocol) {
      throw new Error(`the server does not speak protocol ${statelessProtocol}`);
    } else {
      const params = { protocolVersion: sessionProtocol, capabilities: {}, clientInfo };
      const { protocolVersion } = await this.result('initialize', params, initialized);
      this.process.tell({ jsonrpc: '2.0', method: 'notifications/initialized' });
      this.protocol = protocolVersion;
    }
  }

  async listTools(): Promise<readonly McpTool[]> {
    const tools: McpTool[] = [];
    let cursor: string | undefined;
    do {
      const params = cursor === undefined ? {} : { cursor };
      const page = await this.result('tools/list', params, toolList);
      tools.push(...page.tools);
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return tools;
  }

  async callTool(
    tool: string,
    args: McpArguments,
    { name = tool, accept = 'success' }: McpCallOptions = {},
  ): Promise<McpAnswer> {
    if (this.protocol === undefined) await this.open();
    return this.measure(name, async () => {
      const answer = toolAnswerOf(await this.ask('tools/call', { name: tool, arguments: args }));
      const verdict = isVerdict(answer) ? answer : verdictOn(answer);
      if (isVerdict(answer) || (accept === 'success' && verdict.outcome !== 'ok')) {
        throw new JudgedFailure(verdict);
      }
      return answer;
    });
  }

  async close(): Promise<void> {
    const { process } = this;
    this.process = undefined;
    this.protocol = undefined;
    if (process === undefined) return;
    try {
      await this.measure('end session', () => process.end());
      this.options.onSession('closed');
    } finally {
      process.kill();
    }
  }

  private discover(): Promise<boolean> {
    return this.measure('server/discover', async () => {
      const params = { _meta: statelessEnvelope };
      const answer = await this.process!.ask('server/discover', params);
      return answer.kind === 'result' && agreesOn(answer.result, statelessProtocol);
    });
  }

  private result<T>(method: string, params: RpcResult, schema: z.ZodType<T>): Promise<T> {
    return this.measure(method, async () => {
      const answer = await this.ask(method, params);
      if (answer.kind === 'unreadable') throw new JudgedFailure(answer.verdict);
      if (answer.kind === 'rpcError') {
        throw new JudgedFailure(failed('rpcError', `${answer.code}: ${answer.text}`));
      }
      const checked = schema.safeParse(answer.result);
      if (checked.success) return checked.data;
      const detail = z.prettifyError(checked.error);
      throw new JudgedFailure({ outcome: 'invalid', kind: 'schema', detail });
    });
  }

  private ask(method: string, params: RpcResult): Promise<RpcAnswer> {
    if (this.process === undefined) throw new JudgedFailure(failed('reset', 'no process'));
    const isStateless = this.protocol === statelessProtocol;
    const whole = isStateless ? { ...params, _meta: statelessEnvelope } : params;
    return this.process.ask(method, whole);
  }
}

function failed(kind: 'rpcError' | 'reset', detail: string): Verdict {
  return { outcome: 'failed', kind, detail };
}
