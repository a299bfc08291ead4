/**
 * The six systems as in the contract: a user of each, the requests of each of its tasks, and their
 * deadlines, as in the catalogue of scenarios.
 */
import { apiGatewayUser, streamingUser } from '../../load/systems/api-gateway/api-gateway.ts';
import { healthAgentUser } from '../../load/systems/health-agent.ts';
import { mcpServerUser } from '../../load/systems/mcp-server/mcp-server.ts';
import { mcpSettings } from '../../load/systems/mcp-server/settings.ts';
import { queryGatewayUser } from '../../load/systems/query-gateway/query-gateway.ts';
import { ragServiceUser } from '../../load/systems/rag-service/rag-service.ts';
import { resourceAgentUser } from '../../load/systems/resource-agent.ts';
import { between } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';

export interface ContractTask {
  readonly asks: string;
  readonly deadlineMs: number;
}

export interface ContractSystem {
  /** The reference service's name. */
  readonly system: string;
  readonly user: UserDefinition;
  readonly health: string;
  /** The requests of a user before its first task, in order. */
  readonly start: readonly string[];
  readonly tasks: Readonly<Record<string, ContractTask>>;
}

function within(deadlineMs: number, asks: string): ContractTask {
  return { asks, deadlineMs };
}

/** The engine handles all users alike; only a task needs the type of its state. */
function anyUser(user: unknown): UserDefinition {
  return user as UserDefinition;
}

const queries = queryGatewayUser({
  common: 4,
  unique: 6,
  health: 1,
  think: between('0.1s', '0.5s'),
});
const gateway = { system: 'api-gateway', health: 'GET /health', start: ['GET /v1/models'] };
const smallTasks = {
  'list models': within(10_000, 'GET /v1/models'),
  'health check': within(10_000, 'GET /health'),
};
const mcp = 'POST /mcp';

export const contractSystems: Readonly<Record<string, ContractSystem>> = {
  'api-gateway': {
    ...gateway,
    user: anyUser(apiGatewayUser),
    tasks: { 'chat completion': within(15_000, 'POST /v1/chat/completions'), ...smallTasks },
  },
  'api-gateway, streamed': {
    ...gateway,
    user: anyUser(streamingUser),
    tasks: { 'chat completion': within(30_000, 'POST /v1/chat/completions'), ...smallTasks },
  },
  'rag-service': {
    system: 'rag-service',
    user: anyUser(ragServiceUser),
    health: 'GET /health',
    start: ['POST /index'],
    tasks: {
      query: within(10_000, 'POST /query'),
      'index documents': within(15_000, 'POST /index'),
    },
  },
  'mcp-server': {
    system: 'mcp-server',
    user: anyUser(mcpServerUser(mcpSettings({}))),
    health: 'GET /health',
    start: [`${mcp} server/discover`, `${mcp} tools/list`, `${mcp} tools/call write_file`],
    tasks: {
      read_file: within(10_000, `${mcp} tools/call read_file`),
      write_file: within(10_000, `${mcp} tools/call write_file`),
      git_status: within(10_000, `${mcp} tools/call git_status`),
      git_log: within(10_000, `${mcp} tools/call git_log`),
      web_scrape: within(15_000, `${mcp} tools/call web_scrape`),
    },
  },
  'health-agent': {
    system: 'health-agent',
    user: anyUser(healthAgentUser),
    health: 'GET /health',
    start: [],
    tasks: {
      chat: within(15_000, 'POST /api/v1/chat'),
      'log food': within(15_000, 'POST /api/v1/food'),
      reminders: within(15_000, 'GET /api/v1/reminders'),
      xp: within(15_000, 'GET /api/v1/gamification/xp'),
    },
  },
  'query-gateway': {
    system: 'query-gateway',
    user: anyUser(queries),
    health: 'GET /health/ready',
    start: [],
    tasks: {
      common: within(5000, 'POST /v1/query-classify'),
      unique: within(5000, 'POST /v1/query-classify'),
      health: within(5000, 'GET /health/live'),
    },
  },
  'resource-agent': {
    system: 'resource-agent',
    user: anyUser(resourceAgentUser),
    health: 'GET /health/',
    start: [],
    tasks: {
      health: within(10_000, 'GET /health/'),
      'system metrics': within(10_000, 'GET /system/metrics'),
      analysis: within(10_000, 'GET /analysis/'),
      'lmcache status': within(10_000, 'GET /lmcache/status'),
    },
  },
};
