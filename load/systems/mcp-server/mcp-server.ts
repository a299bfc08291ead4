/**
 * The user of an MCP server: writes and reads a file of its own, and uses git and web pages. The folder
 * also has the probes of the server's sandbox, which run beside a load: start reading at probes-user.ts,
 * and for their reports at probes-table.ts.
 */
import { newMcpClient } from '../../clients/mcp/connect.ts';
import type { McpAnswer, McpArguments, McpClient } from '../../clients/mcp/mcp.ts';
import { RequestNotOk } from '../../clients/scope.ts';
import { between } from '../../workload/think-time.ts';
import { defineUser, type TaskContext, type UserContext } from '../../user/define-user.ts';
import { mcpMetrics } from './metrics.ts';
import { mcpCalls, refuseUnknownArguments, type McpCalls } from './calls.ts';
import { bearerKey } from '../bearer-key.ts';
import { mcpToolNames, type McpSettings, type McpToolName } from './settings.ts';

interface State {
  readonly mcp: McpClient;
  readonly calls: McpCalls;
  /** A file of this user's own. */
  readonly path: string;
  /** The content that it wrote last. */
  content: string;
  /** Contents that it tried to write since, without a good answer, so the file may have them or not. */
  unsure: readonly string[];
  versions: number;
}

type Metric = keyof typeof mcpMetrics;
type Context = TaskContext<State, never, Metric>;

const sessionMetrics = {
  opened: 'sessionsOpened',
  closed: 'sessionsClosed',
  lost: 'sessionsLost',
  resumed: 'streamsResumed',
} as const;
const unsureKept = 5;
/** 40 % file, 40 % git, 20 % web; within file and git 2 : 1. */
const weights: Readonly<Record<McpToolName, number>> = {
  read_file: 8,
  write_file: 4,
  git_status: 8,
  git_log: 4,
  web_scrape: 6,
};

/** The user for a server with these settings. Tools that the server does not have are left out. */
export function mcpServerUser(settings: McpSettings) {
  refuseUnknownArguments(settings.map);
  return defineUser({
    system: 'mcp-server',
    health: settings.health,
    thinkTime: between('2s', '6s'),
    metrics: mcpMetrics,
    parameters: { transport: settings.transport, protocol: settings.protocol },
    http: { headers: bearerKey },
    secrets: Object.values(settings.environment ?? {}),
    onStart: (context: UserContext<never, Metric>) => start(settings, context),
    onStop: ({ state }) => state.mcp.close(),
    tasks: tasksFor(settings),
  });
}

async function start(settings: McpSettings, context: UserContext<never, Metric>): Promise<State> {
  const { map } = settings;
  const mcp = newMcpClient(settings, context, (event) => {
    context.record(sessionMetrics[event], 1);
  });
  await mcp.open();
  const calls = mcpCalls(map, await mcp.listTools());
  const name = `loadtest_${context.user.uniqueId}.txt`;
  const path = map.folder === undefined ? name : `${map.folder}/${name}`;
  const state: State = { mcp, calls, path, content: '', unsure: [], versions: 0 };
  // The file is written before it is read, so that a wrong answer can be recognised.
  if (map.tools.write_file !== null) await write(state, 'first file');
  return state;
}

function tasksFor({ map }: McpSettings) {
  const run: Readonly<Record<McpToolName, (context: Context) => Promise<void>>> = {
    read_file: (context) => readFile(context, map.tools.write_file !== null),
    write_file: (context) => judged(context, () => write(context.state)),
    git_status: (context) => called(context, 'git_status', {}),
    git_log: (context) => called(context, 'git_log', { max_count: 10 }),
    web_scrape: (context) => called(context, 'web_scrape', {}),
  };
  const offered = mcpToolNames.filter((tool) => map.tools[tool] !== null);
  const tasks = offered.map((tool) => {
    const deadline = tool === 'web_scrape' ? '15s' : '10s';
    return [tool, { weight: weights[tool], deadline, run: run[tool] }] as const;
  });
  return Object.fromEntries(tasks) as Record<McpToolName, (typeof tasks)[number][1]>;
}

async function readFile(context: Context, isOwn: boolean): Promise<void> {
  const { state, fail } = context;
  await judged(context, async () => {
    const answer = await call(state, 'read_file', { path: state.path });
    const written = [state.content, ...state.unsure];
    if (isOwn && !written.some((content) => answer.text.includes(content))) {
      fail('not what was written to this file');
    }
    return answer;
  });
}

async function write(state: State, name?: string): Promise<McpAnswer> {
  state.versions += 1;
  const content = `version ${state.versions} of ${state.path}`;
  // Only the latest few, so that a server that answers no write does not fill the memory.
  state.unsure = [...state.unsure, content].slice(-unsureKept);
  const answer = await call(state, 'write_file', { path: state.path, content }, name);
  state.content = content;
  state.unsure = [];
  return answer;
}

function called(context: Context, tool: McpToolName, args: McpArguments): Promise<void> {
  return judged(context, () => call(context.state, tool, args));
}

function call(state: State, tool: McpToolName, args: McpArguments, name: string = tool) {
  const own = state.calls(tool, args);
  return state.mcp.callTool(own.tool, own.args, { name });
}

/** Records whether the call was a success of the tool. */
async function judged({ record, fail }: Context, send: () => Promise<McpAnswer>): Promise<void> {
  try {
    const { content, structured } = await send();
    if (content.length === 0 && structured === undefined) fail('the answer is empty');
    record('toolSuccessRate', 1);
  } catch (error) {
    // A call without a good answer is no success. The rate is over all scheduled requests, so nothing is
    // recorded.
    if (error instanceof RequestNotOk) record('toolSuccessRate', 0);
    throw error;
  }
}
