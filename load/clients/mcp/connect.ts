/** `loadwright/mcp`: the client of one user of an MCP server, over the configured transport. */
import type { Measure } from '../client.ts';
import type { Http } from '../http/http.ts';
import type { McpClient, McpClientOptions, McpProtocol } from './mcp.ts';
import { McpRestClient } from './rest.ts';
import { McpStdioClient } from './stdio.ts';
import { McpHttpClient } from './streamable-http.ts';

/**
 * How to connect to a server.
 * @example
 * const overStdio: McpConnection = {
 *   transport: 'stdio',
 *   protocol: 'auto',
 *   endpoint: '',
 *   command: ['node', 'server.js'],
 * };
 */
export interface McpConnection {
  readonly transport: 'http' | 'rest' | 'stdio';
  readonly protocol: McpProtocol;
  /** `http`: path of the MCP endpoint on the server's address. */
  readonly endpoint: string;
  /** `stdio`: program and arguments of the server. Each user starts its own process. */
  readonly command: readonly string[];
  /** `stdio`: environment variables of the server besides `PATH` and `HOME`. Default: none. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * A client that sends as the user of the given context; each step is a measured request. Open it before
 * the first call, in `onStart`, and close it in `onStop`.
 * @example
 * const connection = { transport: 'http', protocol: 'auto', endpoint: '/mcp', command: [] } as const;
 * const mcp = newMcpClient(connection, context);
 * await mcp.open();
 * await mcp.callTool('read_file', { path: 'notes.txt' });
 */
export function newMcpClient(
  { transport, protocol, endpoint, command, environment }: McpConnection,
  { http, measure }: { readonly http: Http; readonly measure: Measure },
  onSession: McpClientOptions['onSession'] = () => undefined,
): McpClient {
  const options = { protocol, onSession };
  if (transport === 'rest') return new McpRestClient(http);
  if (transport === 'stdio') return new McpStdioClient({ command, environment }, measure, options);
  return new McpHttpClient(http, endpoint, options);
}
