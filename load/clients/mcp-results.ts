/** Results of the requests that come before a tool call. */
import { z } from 'zod';
import type { RpcResult } from './mcp-message.ts';

export const initialized = z.object({ protocolVersion: z.string().min(1) });

export const toolList = z.object({
  tools: z.array(z.object({ name: z.string(), inputSchema: z.unknown() })),
  nextCursor: z.string().optional(),
});

const discovered = z.object({ supportedVersions: z.array(z.string()) });

/** Whether the result of `server/discover` names that version. */
export function agreesOn(result: RpcResult, version: string): boolean {
  const checked = discovered.safeParse(result);
  return checked.success && checked.data.supportedVersions.includes(version);
}
