/** Settings of the MCP server: how to connect to it and how to call its tools, from variables and a file. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { McpConnection } from '../../clients/mcp/connect.ts';
import { commandWords } from '../../platform/command-words.ts';
import { withContext } from '../../platform/words.ts';
import { healthPath } from '../../settings/system-variables.ts';
import {
  asNamed,
  nameIn,
  parsedBy,
  readVariables,
  type Environment,
} from '../../settings/variables.ts';

const path = z.string().regex(/^\//, 'a path, from / on');

/** An address on which the suite itself can listen. A slash at the end is allowed. */
const loopbackAddress = z
  .string()
  .regex(
    /^http:\/\/(127\.0\.0\.1|localhost|\[::1\]):[1-9]\d{0,4}\/?$/,
    'an address of this machine such as http://127.0.0.1:4810',
  )
  .refine((text) => URL.canParse(text), 'a port up to 65535')
  .transform((text) => text.replace(/\/$/, ''));

export const mcpServerSettings = z.object({
  MCP_SERVER_TRANSPORT: z
    .enum(['http', 'rest', 'stdio'])
    .optional()
    .describe('`http` (Streamable HTTP, default), `rest` (`POST /tools/{name}/call`) or `stdio`'),
  MCP_SERVER_COMMAND: parsedBy(command)
    .optional()
    .describe('program and arguments of a server on stdio, quoted as in a shell'),
  MCP_SERVER_ENV: parsedBy(variableNames)
    .optional()
    .describe(
      'names of the variables that a server on stdio gets besides `PATH` and `HOME`: `GITHUB_TOKEN,LANG`. Their ' +
        'values are secrets and never written to a log',
    ),
  MCP_SERVER_PROTOCOL: z
    .enum(['auto', '2026-07-28', '2025-11-25'])
    .default('auto')
    .describe('`auto` (negotiated, default), `2026-07-28` (stateless) or `2025-11-25` (sessions)'),
  MCP_SERVER_ENDPOINT: path.default('/mcp').describe('path of the MCP endpoint, default `/mcp`'),
  MCP_SERVER_TOOLS: z
    .string()
    .min(1)
    .optional()
    .describe(
      'JSON file that maps the names `read_file`, `write_file`, `git_status`, `git_log`, `web_scrape` and their ' +
        "arguments to the server's own names",
    ),
  MCP_SERVER_SANDBOX_ROOT: path
    .optional()
    .describe("root folder of the server's sandbox, as this machine sees it; the probes need it"),
  MCP_SERVER_CANARY_DIR: path
    .optional()
    .describe(
      'folder for canary files, outside the sandbox; default: the parent folder of the root',
    ),
  MCP_SERVER_PAGES_URL: loopbackAddress
    .optional()
    .describe(
      'an address of this machine, such as `http://127.0.0.1:4810`, from which the server may fetch pages. ' +
        'While probes run, the tests serve pages there that redirect or never end',
    ),
});

/** The earlier names, without the system's name in front, are still read. */
export function formerMcpName(name: string): string {
  return ['MCP_SERVER_COMMAND', 'MCP_SERVER_ENV'].includes(name)
    ? name
    : name.replace(/^MCP_SERVER_/, 'MCP_');
}

/** The load's names of the tools. The server's own names replace them. */
export const mcpToolNames = [
  'read_file',
  'write_file',
  'git_status',
  'git_log',
  'web_scrape',
] as const;

export type McpToolName = (typeof mcpToolNames)[number];

const mappedTool = z.strictObject({
  /** The server's name of the tool. */
  name: z.string().min(1).optional(),
  /** The server's names of the arguments; `null` leaves one out. */
  arguments: z.record(z.string(), z.string().min(1).nullable()).default({}),
  /** Additional arguments of each call, by the server's names. */
  values: z.record(z.string(), z.unknown()).default({}),
});

/** `MCP_SERVER_TOOLS`: `null` means that the server does not have the tool. */
const toolsFile = z.strictObject({
  /** Put before the paths of files, separated by a slash. */
  folder: z.string().optional(),
  tools: z.partialRecord(z.enum(mcpToolNames), mappedTool.nullable()).default({}),
});

export type McpToolMap = z.infer<typeof toolsFile>;

export interface McpSettings extends McpConnection {
  readonly health: string | undefined;
  readonly map: McpToolMap;
  /** Root of the server's sandbox, and a folder for canaries, on a file system that server and suite share. */
  readonly sandboxRoot?: string | undefined;
  readonly canaryFolder?: string | undefined;
  /** URL at which the suite serves pages for the server. */
  readonly pagesUrl?: string | undefined;
}

/** Throws one error that names every wrong variable, its value and what is accepted. */
export function mcpSettings(environment: Environment): McpSettings {
  const given = (name: string): string => nameIn(environment, name, formerMcpName);
  const named = readVariables(asNamed(mcpServerSettings, environment, formerMcpName), environment);
  const data = Object.fromEntries(
    Object.keys(mcpServerSettings.shape).map((name) => [name, named[given(name)]]),
  ) as z.infer<typeof mcpServerSettings>;
  const command = data.MCP_SERVER_COMMAND ?? [];
  const transport = data.MCP_SERVER_TRANSPORT ?? (command.length > 0 ? 'stdio' : 'http');
  if (transport === 'stdio' && command.length === 0) {
    const where = `${given('MCP_SERVER_TRANSPORT')}=stdio`;
    throw new Error(`${where}: MCP_SERVER_COMMAND must name the command of the server`);
  }
  return {
    transport,
    command,
    environment: namedVariables(data.MCP_SERVER_ENV ?? [], environment),
    protocol: data.MCP_SERVER_PROTOCOL,
    endpoint: data.MCP_SERVER_ENDPOINT,
    health: transport === 'stdio' ? undefined : healthPath('mcp-server', '/health', environment),
    sandboxRoot: data.MCP_SERVER_SANDBOX_ROOT,
    canaryFolder: data.MCP_SERVER_CANARY_DIR,
    pagesUrl: data.MCP_SERVER_PAGES_URL,
    map: readToolMap(given('MCP_SERVER_TOOLS'), data.MCP_SERVER_TOOLS),
  };
}

/** Throws with the file, the field and what is accepted. */
function readToolMap(variable: string, path: string | undefined): McpToolMap {
  if (path === undefined) return { tools: {} };
  return withContext(`${variable}=${path}`, () => {
    const checked = toolsFile.safeParse(JSON.parse(readFileSync(path, 'utf8')));
    if (checked.success) return checked.data;
    throw new Error(z.prettifyError(checked.error));
  });
}

function variableNames(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => /^[A-Za-z_]\w*$/.test(name))) return names;
  throw new Error('names of variables with commas between them, such as GITHUB_TOKEN,LANG');
}

/** A variable that is not set would only cause an error of the server. */
function namedVariables(
  names: readonly string[],
  environment: Environment,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.map((name) => {
      const value = environment[name];
      if (value !== undefined) return [name, value];
      throw new Error(
        `MCP_SERVER_ENV: ${name} is not set; accepted are names of variables that are`,
      );
    }),
  );
}

function command(text: string): readonly string[] {
  const words = commandWords(text);
  if (words.length > 0 && words[0] !== '') return words;
  throw new Error('a program and its arguments');
}
