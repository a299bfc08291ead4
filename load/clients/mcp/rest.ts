/** Tools behind plain REST: `POST /tools/<name>/call` with `{arguments}`, answered by `{result, success}`. */
import { z } from 'zod';
import { defined } from '../../platform/defined.ts';
import { fieldOf, parsedJson } from '../../platform/json-file.ts';
import type { Answer, Http } from '../http/http.ts';
import {
  anyStatus,
  type McpAnswer,
  type McpArguments,
  type McpCallOptions,
  type McpClient,
  type McpTool,
} from './mcp.ts';
import { toolList } from './results.ts';
import { rawText } from '../redaction.ts';
import type { Verdict } from '../scope.ts';

/** A failure has no result and may have no message. */
const toolReply = z.discriminatedUnion('success', [
  z.object({ success: z.literal(true), result: z.unknown() }),
  z.object({ success: z.literal(false), error: z.unknown().optional() }),
]);

const noList = [404, 405];
const noError = z.unknown().refine((list) => !fieldOf(list, 'error'), 'it reports an error');

export class McpRestClient implements McpClient {
  readonly protocol = undefined;
  private readonly http: Http;

  constructor(http: Http) {
    this.http = http;
  }

  /** REST has nothing to negotiate. */
  open(): Promise<void> {
    return Promise.resolve();
  }

  /** Most such servers have no list of tools, or one in their own format; that counts as an empty list. */
  async listTools(): Promise<readonly McpTool[]> {
    const reply = await this.http.get('/tools', {
      name: 'tools/list',
      status: noList.concat(200),
      expect: noError,
      judge: ({ status }) => (noList.includes(status) ? { outcome: 'ok' } : undefined),
    });
    const checked = toolList.safeParse(reply.body);
    return checked.success ? checked.data.tools : [];
  }

  async callTool(
    tool: string,
    args: McpArguments,
    { name, accept = 'success' }: McpCallOptions = {},
  ): Promise<McpAnswer> {
    let answer: McpAnswer | undefined;
    const isRead = (status: number): boolean => status < 300 || accept === 'any';
    const judge = (given: Answer): Verdict | undefined => {
      if (!isRead(given.status)) return undefined;
      answer = answerOf(given);
      if (accept === 'any' || answer?.kind === 'success') return { outcome: 'ok' };
      if (answer === undefined) return unreadable(given);
      return { outcome: 'failed', kind: 'toolError', detail: answer.text };
    };
    const path = `/tools/${encodeURIComponent(tool)}/call`;
    const status = accept === 'any' ? anyStatus : undefined;
    const options = defined({ name, status, json: { arguments: args }, judge });
    const reply = await this.http.post(path, options);
    return answer ?? { kind: 'httpError', content: [], text: reply.text(), code: reply.status };
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** `undefined` if it is not a tool's answer. */
function answerOf({ status, bytes }: Answer): McpAnswer | undefined {
  const checked = toolReply.safeParse(parsedJson(Buffer.from(bytes).toString()));
  if (status >= 300 || !checked.success) return undefined;
  if (!checked.data.success) {
    const { error } = checked.data;
    const said = typeof error === 'string' ? error : Buffer.from(bytes).toString();
    return { kind: 'toolError', content: [], text: rawText(said) };
  }
  const { result } = checked.data;
  const text = typeof result === 'string' ? result : JSON.stringify(result ?? null);
  return { kind: 'success', content: [{ type: 'text', text }], text };
}

function unreadable(answer: Answer): Verdict {
  const { bytes } = answer;
  const text = Buffer.from(bytes).toString();
  const detail = `content type ${answer.header('content-type') ?? 'missing'}: ${text}`;
  if (bytes.length === 0) return { outcome: 'invalid', kind: 'emptyBody', detail };
  const kind = parsedJson(Buffer.from(bytes).toString()) === undefined ? 'contentType' : 'schema';
  return { outcome: 'invalid', kind, detail: detail.slice(0, 1000) };
}
