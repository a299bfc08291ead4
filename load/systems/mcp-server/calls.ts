/** The load's calls as a server knows them: its names of tools and arguments, and values of its own. */
import type { McpArguments, McpTool } from '../../clients/mcp/mcp.ts';
import { fieldOf } from '../../platform/json-file.ts';
import type { McpToolMap, McpToolName } from './settings.ts';

/** Names for the arguments of every tool of the load; only probes send a revision. */
const argumentsOf: Readonly<Record<McpToolName, readonly string[]>> = {
  read_file: ['path'],
  write_file: ['path', 'content'],
  git_status: ['repo_path'],
  git_log: ['repo_path', 'max_count', 'revision'],
  web_scrape: ['url'],
};

/** Arguments that the load does not know by itself: which repository, which page. */
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
 * `listed` are the tools as the server lists them: where the map states no value, the first example (or
 * the default) that the server gives for an argument is taken. Throws where there is neither.
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

/** Refuses a map that names an argument which its tool has not. */
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
