/** Services that answer fast and wrong, row by row: what is wrong, and what the report must say. */
import type { Outcome } from '../../load/metrics/outcome.ts';
import { apiGatewayUser, streamingUser } from '../../load/systems/api-gateway/api-gateway.ts';
import { healthAgentUser } from '../../load/systems/health-agent.ts';
import { mcpServerUser } from '../../load/systems/mcp-server/mcp-server.ts';
import { mcpSettings } from '../../load/systems/mcp-server/settings.ts';
import { queryGatewayUser } from '../../load/systems/query-gateway/query-gateway.ts';
import { ragServiceUser } from '../../load/systems/rag-service/rag-service.ts';
import { resourceAgentUser } from '../../load/systems/resource-agent.ts';
import { constant } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { launchedTrap, RelayedService } from './open-trap.ts';
import { noStatus, stdioTools } from './stdio-trap.ts';
import type { Trap, TrappedSystem } from './trapped.ts';

export interface Row extends Trap {
  readonly what: string;
  /** If only a share is affected: the switch that affects all requests, including the first. */
  readonly always?: string;
  readonly outcome: Outcome;
  readonly kind: string;
  /** Words of the answer itself, or of the problem. */
  readonly says: string;
  /** The status of the wrong answers. */
  readonly status: number;
}

function withModel(user: unknown): UserDefinition {
  return { ...(user as UserDefinition), onStart: () => ({ model: 'reference-chat-8b' }) };
}

const gateway = {
  open: launchedTrap({
    service: 'api-gateway',
    env: { REFERENCE_SLOWDOWN: 'chat completion:0.1' },
    endpoint: 'POST /v1/chat/completions',
  }),
  task: 'chat completion',
  checks: 2,
};
const streams: TrappedSystem = { ...gateway, users: [withModel(streamingUser)] };
const chats: TrappedSystem = {
  ...gateway,
  users: [withModel(apiGatewayUser), withModel(streamingUser)],
};

/** Services shared by several rows. Each is started with the first row that needs it. */
export const relayed = {
  mcp: new RelayedService('mcp-server'),
  rag: new RelayedService('rag-service'),
  query: new RelayedService('query-gateway'),
  health: new RelayedService('health-agent'),
  resource: new RelayedService('resource-agent'),
};

/** Only that task, since users of simultaneous loads would have files with the same names. */
function behindRelay(
  service: RelayedService,
  user: unknown,
  task: string,
  asks: string,
): TrappedSystem {
  const whole = user as UserDefinition;
  const only = { ...whole, tasks: { [task]: whole.tasks[task]! } };
  return { open: service.trap(asks), users: [only], task, checks: 1 };
}

const mcpUser = mcpServerUser(mcpSettings({}));
const gitStatus = 'POST /mcp tools/call git_status';
const tools = behindRelay(relayed.mcp, mcpUser, 'git_status', gitStatus);
const restUser = mcpServerUser(mcpSettings({ MCP_SERVER_TRANSPORT: 'rest' }));
const restPath = 'POST /tools/git_status/call';
const restTools = behindRelay(relayed.mcp, restUser, 'git_status', restPath);
const queries = behindRelay(relayed.rag, ragServiceUser, 'query', 'POST /query');
const think = constant('100ms');
const texts = behindRelay(
  relayed.query,
  queryGatewayUser({ common: 1, think }),
  'common',
  'POST /v1/query-classify',
);

const lists: TrappedSystem = {
  ...behindRelay(relayed.mcp, restUser, 'git_status', 'GET /tools'),
  task: 'onStart',
  request: 'tools/list',
};
const keyed = { ...healthAgentUser, http: { headers: { 'x-api-key': 'test_key_123' } } };
const health = (task: string, asks: string): TrappedSystem =>
  behindRelay(relayed.health, keyed, task, asks);
const advice = health('chat', 'POST /api/v1/chat');
const points = health('xp', 'GET /api/v1/gamification/xp');
const resource = (task: string, path: string): TrappedSystem =>
  behindRelay(relayed.resource, resourceAgentUser, task, `GET ${path}`);
// The monitor also reads /system/metrics, and would be counted with the load.
const figures = resource('analysis', '/analysis/');
const state = resource('health', '/health/');

/** The fault, the system and the switch; the outcome, the report's text and the status. */
function row(
  what: string,
  system: TrappedSystem,
  faults: string,
  [outcome, kind, says, status]: readonly [Outcome, string, string, number],
  more: Pick<Row, 'always' | 'deadlineMs'> = {},
): Row {
  return { what, system, faults, outcome, kind, says, status, ...more };
}

const half = { always: 'throttle' };
const hangs = { deadlineMs: 1000 };
const noAnswer = ['timeout', 'timeout', 'after the headers of a 200', 200] as const;
const silent = ['timeout', 'timeout', '', noStatus] as const;
const cut = ['invalid', 'truncated', 'the stream ended without [DONE]', 200] as const;
const page = ['invalid', 'contentType', '<!doctype html>', 200] as const;
const backend = ['failed', 'application', 'the backend failed', 200] as const;
const oom = ['failed', 'application', 'the model ran out of memory', 200] as const;
const failed = (status: number, says: string) =>
  ['failed', `status ${status}`, says, status] as const;
const keyless = failed(401, 'the key is not accepted');
const busy = failed(503, 'overloaded');
const tooMany = ['throttled', 'throttled', 'too many requests', 429] as const;
const database = ['failed', 'application', 'the database is down', 200] as const;
const nothing = ['invalid', 'schema', '{}', 200] as const;
const crash = ['failed', 'rpcError', '-32603: the tool crashed'] as const;
const diskFull = ['failed', 'toolError', 'the disk is full'] as const;
export const rows: readonly Row[] = [
  row('200 with {"success": false}', chats, 'success-false', [
    'failed',
    'application',
    '{"success":false',
    200,
  ]),
  row('HTML with 200', chats, 'html', ['invalid', 'contentType', '<!doctype html>', 200]),
  row('401 on everything', chats, 'unauthorized', [
    'failed',
    'status 401',
    'the key is not accepted',
    401,
  ]),
  row('429 on half', chats, 'throttle:0.5', ['throttled', 'throttled', 'too many', 429], half),
  row('503 on all', chats, 'unavailable', ['degraded', 'degraded', 'overloaded', 503]),
  row('an empty completion', chats, 'empty-completion', [
    'invalid',
    'schema',
    'empty completion',
    200,
  ]),
  row('a body cut half-way', chats, 'cut-short', ['invalid', 'truncated', '', 200]),
  row('a body that never ends', chats, 'endless-body', noAnswer, hangs),
  row('a body that never begins', chats, 'hang-after-headers', noAnswer, hangs),
  row('a stream without [DONE]', streams, 'missing-done', cut),
  row('a stream without a finish_reason', streams, 'no-finish-reason', [
    'invalid',
    'truncated',
    'without finish_reason',
    200,
  ]),
  row('a stream with an error event', streams, 'error-event', oom),
  row('a stream with an error in its data', streams, 'error-mid-stream', oom),
  row('MCP: an error of JSON-RPC in 200', tools, 'rpc-error', [...crash, 200]),
  row('MCP: a result that says isError', tools, 'tool-error', [...diskFull, 200]),
  row('MCP: HTML with 200', tools, 'html', page),
  row('MCP over REST: {"success": false}', restTools, 'success-false', [
    'failed',
    'toolError',
    'the backend failed',
    200,
  ]),
  row('MCP over REST: HTML for the list of tools', lists, 'html', page),
  row('MCP over REST: {"success": false} for the list', lists, 'success-false', backend),
  row('MCP on stdio: an error of JSON-RPC', stdioTools(), 'rpc-error', [...crash, noStatus]),
  row('MCP on stdio: a result that says isError', stdioTools(), 'tool-error', [
    ...diskFull,
    noStatus,
  ]),
  row('MCP on stdio: a result with nothing in it', stdioTools(), 'no-content', [
    'failed',
    'task',
    'the answer is empty',
    noStatus,
  ]),
  row('MCP on stdio: neither result nor error', stdioTools(), 'nothing-inside', [
    'invalid',
    'schema',
    'neither a result nor an error',
    noStatus,
  ]),
  row('MCP on stdio: a page of HTML', stdioTools(), 'no-json', silent, hangs),
  row("MCP on stdio: another request's answer", stdioTools(), 'other-id', silent, hangs),
  row('MCP on stdio: a server that dies', stdioTools(), 'dies', [
    'failed',
    'reset',
    'the server ended with exit code 3 out of memory',
    noStatus,
  ]),
  row('RAG: {"success": false}', queries, 'success-false', backend),
  row('RAG: an empty answer', queries, 'empty-answer', ['invalid', 'schema', '"answer":" "', 200]),
  row('RAG: HTML with 200', queries, 'html', page),
  row('query gateway: {"success": false}', texts, 'success-false', backend),
  row('query gateway: nothing inside', texts, 'nothing-inside', ['invalid', 'schema', '{}', 200]),
  row('query gateway: HTML with 200', texts, 'html', page),
  row('health agent: {"success": false}', advice, 'success-false', backend),
  row('health agent: an empty response', advice, 'empty-response', [
    'invalid',
    'schema',
    '"response":""',
    200,
  ]),
  row('health agent: nothing inside', advice, 'nothing-inside', nothing),
  row('health agent: half a body', advice, 'half-a-body', [
    'invalid',
    'truncated',
    '{"response":"Eat',
    200,
  ]),
  row('health agent: HTML with 200', advice, 'html', page),
  row('health agent: 401 on everything', advice, 'unauthorized', keyless),
  row('health agent: 429 on all', advice, 'throttle', tooMany),
  row('health agent: 503 on all', advice, 'unavailable', busy),
  row('health agent: a body that never ends', advice, 'endless-body', noAnswer, hangs),
  row('health agent: an error in place of points', points, 'error-inside', database),
  row('health agent: HTML in place of points', points, 'html', page),
  row('resource agent: {"success": false}', figures, 'success-false', backend),
  row('resource agent: an error in place of figures', figures, 'error-inside', database),
  row('resource agent: nothing inside', figures, 'nothing-inside', nothing),
  row('resource agent: HTML with 200', figures, 'html', page),
  row('resource agent: 401 on everything', figures, 'unauthorized', keyless),
  row('resource agent: 429 on all', figures, 'throttle', tooMany),
  row('resource agent: 503 on all', figures, 'unavailable', busy),
  row('resource agent: a body that never ends', figures, 'endless-body', noAnswer, hangs),
  row('resource agent: it says that it is unhealthy', state, 'unhealthy', [
    'invalid',
    'schema',
    '{"status":"unhealthy"}',
    200,
  ]),
];
