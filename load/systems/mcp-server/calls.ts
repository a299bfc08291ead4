/** Translates the load's calls to a server's own names of tools and arguments, and its own values. */
import type { McpArguments, McpTool } from '../../clients/mcp/mcp.ts';
import { fieldOf } from '../../platform/json-file.ts';
import type { McpToolMap, McpToolName } from './settings.ts';

/** Names of the arguments of each tool. Only probes send a revision. */
const argumentsOf: Readonly<Record<McpToolName, readonly string[]>> = {
  read_file: ['path'],
  write_file: ['path', 'content'],
  git_status: ['repo_path'],
  git_log: ['repo_path', 'max_count', 'revision'],
  web_scrape: ['url'],
};

/** Arguments whose values depend on the server: which repository, which page. */
const given: Readonly<Partial<Record<McpToolName, string>>> = {
  git_status: 'repo_path',
  git_log: 'repo_path',
  web_scrape: 'url',
};

export type McpCalls = (
  tool: McpToolName,
  args: McpArguments,
) => { readonly tool: string; readonly args: McpArguments };

/**
 * `listed` are the tools as the server lists them. If the map has no value for an argument, the server's
 * first example or default is used. Throws if there is neither.
 */
export function mcpCalls(map: McpToolMap, listed: readonly McpTool[]): McpCalls {
  const found = new Map<McpToolName, McpArguments>();
  for (const tool of Object.keys(argumentsOf) as McpToolName[]) {
    const argument = given[tool];
    const mapped = map.tools[tool];
    if (argument === undefined || mapped === null) continue;
    const name = nameOf(map, tool, argument);
    if (name === null || (mapped !== undefined && name in mapped.values)) continue;
    const example = exampleOf(listed, mapped?.name ?? tool, name);
    if (example === undefined) {
      throw new Error(
        `${tool}: the server gives no example of "${name}"; ` +
          `MCP_SERVER_TOOLS may state one: {"tools":{"${tool}":{"values":{"${name}":"…"}}}}`,
      );
    }
    found.set(tool, { [name]: example });
  }
  return (tool, args) => {
    const own: Record<string, unknown> = {};
    for (const [argument, value] of Object.entries(args)) {
      const name = nameOf(map, tool, argument);
      if (name !== null) own[name] = value;
    }
    const mapped = map.tools[tool];
    const whole = { ...found.get(tool), ...own, ...mapped?.values };
    return { tool: mapped?.name ?? tool, args: whole };
  };
}

/** Refuses a map that names an argument which its tool does not have. */
export function refuseUnknownArguments({ tools }: McpToolMap): void {
  for (const [tool, mapped] of Object.entries(tools)) {
    const known = argumentsOf[tool as McpToolName];
    const wrong = Object.keys(mapped?.arguments ?? {}).find((name) => !known.includes(name));
    if (wrong === undefined) continue;
    throw new Error(
      `MCP_SERVER_TOOLS: ${tool} has no argument "${wrong}"; known are ${known.join(', ')}`,
    );
  }
}

function nameOf(map: McpToolMap, tool: McpToolName, argument: string): string | null {
  const name = map.tools[tool]?.arguments[argument];
  return name === undefined ? argument : name;
}

function exampleOf(listed: readonly McpTool[], tool: string, argument: string): unknown {
  const schema = listed.find(({ name }) => name === tool)?.inputSchema;
  const property = ['properties', argument].reduce(fieldOf, schema);
  const examples = fieldOf(property, 'examples');
  const hasExamples = Array.isArray(examples) && examples.length > 0;
  return hasExamples ? (examples[0] as unknown) : fieldOf(property, 'default');
}
