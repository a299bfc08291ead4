/** The client of one user of an MCP server, over the transport that the settings name. */
import type { McpClient, McpClientOptions } from '../../clients/mcp/mcp.ts';
import { McpHttpClient } from '../../clients/mcp/streamable-http.ts';
import { McpRestClient } from '../../clients/mcp/rest.ts';
import { McpStdioClient } from '../../clients/mcp/stdio.ts';
import type { TargetInfo, UserContext } from '../../user/define-user.ts';
import type { McpSettings } from './settings.ts';

export function newMcpClient(
  { transport, command, endpoint, protocol }: McpSettings,
  { http, measure }: Pick<UserContext<never>, 'http' | 'measure'>,
  onSession: McpClientOptions['onSession'],
): McpClient {
  const options = { protocol, onSession };
  if (transport === 'rest') return new McpRestClient(http);
  if (transport === 'stdio') return new McpStdioClient(command, measure, options);
  return new McpHttpClient(http, endpoint, options);
}

export function mcpHeaders({
  target,
}: {
  readonly target: TargetInfo;
}): Readonly<Record<string, string>> {
  return target.key === undefined ? {} : { authorization: `Bearer ${target.key}` };
}
