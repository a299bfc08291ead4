/**
 * MCP over stdin and stdout: one server process per client, one message per line. A process that dies is
 * a lost session; the next call starts a new one.
 */
import type { z } from 'zod';
import {
  statelessProtocol,
  type McpAnswer,
  type McpArguments,
  type McpCallOptions,
  type McpClient,
  type McpClientOptions,
  type McpTool,
} from './mcp.ts';
import { statelessEnvelope, type RpcAnswer, type RpcResult } from './message.ts';
import { McpProcess, type Question, type ServerProgram } from './server-process.ts';
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
import type { Measure } from '../client.ts';
import { JudgedFailure } from '../scope.ts';

export class McpStdioClient implements McpClient {
  protocol: string | undefined;
  private readonly program: ServerProgram;
  private readonly measure: Measure;
  private readonly options: McpClientOptions;
  private process: McpProcess | undefined;

  constructor(program: ServerProgram, measure: Measure, options: McpClientOptions) {
    this.program = program;
    this.measure = measure;
    this.options = options;
  }

  async open(): Promise<void> {
    const { protocol, onSession } = this.options;
    const started = new McpProcess(this.program, () => {
      if (this.process !== started) return;
      this.process = undefined;
      this.protocol = undefined;
      onSession('lost');
    });
    this.process = started;
    onSession('opened');
    this.protocol = await negotiate(
      protocol,
      () => this.discover(),
      async () => {
        const { protocolVersion } = await this.result('initialize', initializeParams, initialized);
        started.tell(initializedNote);
        return protocolVersion;
      },
    );
  }

  listTools(): Promise<readonly McpTool[]> {
    return allTools((params) => this.result('tools/list', params, toolList));
  }

  async callTool(
    tool: string,
    args: McpArguments,
    { name = tool, accept = 'success' }: McpCallOptions = {},
  ): Promise<McpAnswer> {
    if (this.protocol === undefined) await this.open();
    return this.exchange(name, 'tools/call', { name: tool, arguments: args }, (rpc) => {
      const answer = toolAnswerOf(rpc);
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
    const method = 'server/discover';
    return this.exchange(method, method, { _meta: statelessEnvelope }, (answer) => {
      return answer.kind === 'result' && agreesOn(answer.result, statelessProtocol);
    });
  }

  private result<T>(method: string, params: RpcResult, schema: z.ZodType<T>): Promise<T> {
    return this.exchange(method, method, params, (answer) => {
      const read = resultIn(answer, schema);
      if ('verdict' in read) throw new JudgedFailure(read.verdict);
      return read.result;
    });
  }

  /** `name`: the name under which it is counted. An error thrown by `read` decides how it ended. */
  private async exchange<T>(
    name: string,
    method: string,
    params: RpcResult,
    read: (answer: RpcAnswer) => T,
  ): Promise<T> {
    let question: Question | undefined;
    try {
      return await this.measure(name, async () => {
        question = this.ask(method, params);
        return read(await question.answer);
      });
    } finally {
      // It may have timed out without its answer. A later answer is then dropped.
      question?.forget();
    }
  }

  private ask(method: string, params: RpcResult): Question {
    if (this.process === undefined) {
      throw new JudgedFailure({ outcome: 'failed', kind: 'reset', detail: 'no process' });
    }
    const isStateless = this.protocol === statelessProtocol;
    const whole = isStateless ? { ...params, _meta: statelessEnvelope } : params;
    return this.process.ask(method, whole);
  }
}
