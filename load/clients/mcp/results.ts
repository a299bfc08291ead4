/** The steps before a tool call, on any transport: negotiating the version and listing the tools. */
import { z } from 'zod';
import {
  clientInfo,
  sessionProtocol,
  statelessProtocol,
  type McpProtocol,
  type McpTool,
} from './mcp.ts';
import type { RpcAnswer, RpcResult } from './message.ts';
import type { Verdict } from '../scope.ts';

export const initialized = z.object({ protocolVersion: z.string().min(1) });

export const toolList = z.object({
  tools: z.array(z.object({ name: z.string(), inputSchema: z.unknown() })),
  nextCursor: z.string().nullish(),
});

const discovered = z.object({ supportedVersions: z.array(z.string()) });

/** Whether the result of `server/discover` contains that version. */
export function agreesOn(result: RpcResult, version: string): boolean {
  const checked = discovered.safeParse(result);
  return checked.success && checked.data.supportedVersions.includes(version);
}

export const initializeParams = { protocolVersion: sessionProtocol, capabilities: {}, clientInfo };
export const initializedNote = { jsonrpc: '2.0', method: 'notifications/initialized' } as const;

/** Negotiates the version: the newest if the server has it, else that of a session. */
export async function negotiate(
  pinned: McpProtocol,
  discover: () => Promise<boolean>,
  initialize: () => Promise<string>,
): Promise<string> {
  if (pinned !== sessionProtocol && (await discover())) return statelessProtocol;
  if (pinned === statelessProtocol) {
    throw new Error(`the server does not speak protocol ${statelessProtocol}`);
  }
  return initialize();
}

/** Limit on the pages of a list, the same as in the official client. */
const mostPages = 64;

/**
 * All pages of the list, each tool once. The list ends if a page names an earlier one as the next.
 * Rejects if there are too many pages.
 */
export async function allTools(
  page: (params: RpcResult) => Promise<z.infer<typeof toolList>>,
): Promise<readonly McpTool[]> {
  const all = new Map<string, McpTool>();
  const seen = new Set<string>();
  let params: { cursor?: string } = {};
  for (let pages = 0; pages < mostPages; pages += 1) {
    const { tools, nextCursor } = await page(params);
    for (const tool of tools) if (!all.has(tool.name)) all.set(tool.name, tool);
    const isLast = nextCursor === undefined || nextCursor === null;
    if (isLast || seen.has(nextCursor)) return [...all.values()];
    seen.add(nextCursor);
    params = { cursor: nextCursor };
  }
  throw new Error(`tools/list: the list has too many pages; at most ${mostPages} are read`);
}

/** The result if it fits the schema, or why it does not. */
export function resultIn<T>(
  answer: RpcAnswer,
  schema: z.ZodType<T>,
): { readonly result: T } | { readonly verdict: Verdict } {
  if (answer.kind === 'unreadable') return answer;
  if (answer.kind === 'rpcError') {
    const detail = `${answer.code}: ${answer.text}`;
    return { verdict: { outcome: 'failed', kind: 'rpcError', detail } };
  }
  const checked = schema.safeParse(answer.result);
  if (checked.success) return { result: checked.data };
  const detail = z.prettifyError(checked.error);
  return { verdict: { outcome: 'invalid', kind: 'schema', detail } };
}
