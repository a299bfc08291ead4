/** The suite's own MCP user, on a server with one tool: opens, lists the tools and reads again and again. */
import { sessionProtocol } from '../load/clients/mcp/mcp.ts';
import { mcpServerUser } from '../load/systems/mcp-server/mcp-server.ts';
import { noThinkTime, type ThinkTime } from '../load/workload/think-time.ts';
import type { UserDefinition } from '../load/user/define-user.ts';

const absent = { write_file: null, git_status: null, git_log: null, web_scrape: null };

export function mcpUser({
  thinkTime = noThinkTime,
  connections = 'perUser',
}: {
  readonly thinkTime?: ThinkTime;
  readonly connections?: 'shared' | 'perUser';
} = {}): UserDefinition {
  const user = mcpServerUser({
    transport: 'http',
    protocol: sessionProtocol,
    command: [],
    endpoint: '/mcp',
    health: undefined,
    map: { tools: absent },
  });
  return { ...user, thinkTime, connections } as unknown as UserDefinition;
}
