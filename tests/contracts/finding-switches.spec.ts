/**
 * Each switch of the reference services in real time: the service gets slow for that reason, and the
 * analysis names that reason and no other. Leaks are detected in blocks of seconds; a real load has
 * minutes.
 */
import { expect, test } from '@playwright/test';
import { launchReference } from '../../fixtures/reference/launch.ts';
import { findingsIn } from '../../load/analysis/findings/findings.ts';
import { LoadLevel } from '../../load/analysis/findings/load-level.ts';
import type { Result } from '../../load/metrics/result/result.ts';
import { apiGatewayUsers } from '../../load/systems/api-gateway/api-gateway.ts';
import { healthAgentUser } from '../../load/systems/health-agent.ts';
import { mcpServerUser } from '../../load/systems/mcp-server/mcp-server.ts';
import { mcpSettings } from '../../load/systems/mcp-server/settings.ts';
import { ragServiceUser } from '../../load/systems/rag-service/rag-service.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { between, noThinkTime } from '../../load/workload/think-time.ts';
import { defined } from '../../load/platform/defined.ts';
import { users } from '../../load/workload/users.ts';
import { runForReal } from '../instrument/real-load.ts';

const rest = mcpSettings({ MCP_TRANSPORT: 'rest' });
const { streamingUser } = apiGatewayUsers({ API_GATEWAY_MODEL: 'reference-chat-8b' });
const userOf = {
  'health-agent': healthAgentUser,
  'rag-service': ragServiceUser,
  'mcp-server': mcpServerUser(rest),
  'api-gateway': streamingUser,
} as unknown as Readonly<Record<string, UserDefinition>>;

interface Case {
  readonly faults?: string;
  readonly system: string;
  /** `undefined`: nothing must be found. */
  readonly rule?: string;
  readonly levels: readonly number[];
  readonly seconds?: number;
  readonly thinkMs?: readonly [number, number];
  readonly env?: Readonly<Record<string, string>>;
  /** For a leak: the seconds in which a heap fills up, which is not one. */
  readonly blockMs?: number;
  readonly warmUpSeconds?: number;
}

const slow = { REFERENCE_SLOWDOWN: '5' };
const agent = { system: 'health-agent', levels: [2, 60], thinkMs: [50, 150] } as const;
const model = { system: 'api-gateway', thinkMs: [100, 300] } as const;
const leak = { ...agent, levels: [10], seconds: 60, blockMs: 4000, warmUpSeconds: 30 } as const;

const cases: readonly Case[] = [
  { ...agent, faults: 'db-pool:3', rule: 'connection-pool', env: slow },
  { ...agent, faults: 'busy-cpu:40', rule: 'target-cpu', levels: [1, 40] },
  { ...agent, faults: 'throttled-cpu:5', rule: 'target-cpu', levels: [1, 40] },
  { ...agent, faults: 'limit-rate:20', rule: 'rate-limited', levels: [1, 40] },
  { ...leak, faults: 'leak-memory:100', rule: 'memory-leak' },
  { ...leak, faults: 'leak-descriptors:20', rule: 'descriptor-leak' },
  {
    system: 'rag-service',
    faults: 'store-limit:1',
    rule: 'vector-timeout',
    levels: [1, 25],
    thinkMs: [200, 500],
  },
  {
    system: 'rag-service',
    faults: 'slow-search:100',
    rule: 'vector-search',
    levels: [2, 8],
    seconds: 30,
  },
  {
    system: 'mcp-server',
    // A tool's own work depends on this machine, so most of its time is a wait.
    faults: 'serialised-tools,slow-tools:60',
    rule: 'serialised',
    levels: [1, 12],
    thinkMs: [200, 300],
  },
  { ...model, faults: 'kv-cache:3000', rule: 'kv-cache', levels: [2, 50], seconds: 30 },
  { ...model, faults: 'few-sequences:3', rule: 'llm-capacity', levels: [2, 30] },
  {
    ...model,
    faults: 'slow-prefill:600',
    rule: 'llm-context',
    levels: [1, 3],
    seconds: 60,
    env: { API_GATEWAY_REFERENCE_PREFIX_CACHE: '0' },
  },
  { ...agent, levels: [2, 30] },
  { ...model, levels: [2, 20] },
  { system: 'rag-service', levels: [1, 10] },
  { system: 'mcp-server', levels: [1, 8], env: { REFERENCE_SLOWDOWN: '6' } },
  { system: 'mcp-server', faults: 'slow-tools:60', levels: [1, 12], thinkMs: [200, 300] },
];

async function loads({ system, levels, faults, env = {}, ...more }: Case): Promise<Result[]> {
  const { seconds = 15, thinkMs = [100, 300], warmUpSeconds } = more;
  const switches = defined({ REFERENCE_FAULTS: faults });
  const service = await launchReference(system, { env: { ...env, ...switches } });
  const key = system === 'health-agent' ? 'test_key_123' : undefined;
  const run = async (scenario: string, count: number, s: number, isAlone = false) => {
    const thinkTime = isAlone ? noThinkTime : between(...thinkMs);
    const workload = users({ count, spawnRate: count, duration: `${s}s`, thinkTime });
    const { level } = workload;
    const name = `${system}-${scenario}-${level}`;
    const { result } = await runForReal({
      url: service.url,
      user: userOf[system]!,
      workload,
      shortened: true,
      ...defined({ key }),
      request: {
        identity: { testId: name, runId: 'run', title: name, system, scenario, level },
        target: { url: service.url, key, kind: 'reference', pid: service.pid },
        monitorIntervalMs: 1000,
      },
    });
    return result;
  };
  try {
    if (warmUpSeconds !== undefined) await run('warm', levels[0]!, warmUpSeconds);
    const results = [await run('baseline', 1, seconds, true)];
    for (const count of levels) results.push(await run('progressive', count, seconds));
    return results;
  } finally {
    await service.stop();
  }
}

for (const one of cases) {
  const { faults = 'no switch', system, rule } = one;
  test(`${system}, ${faults}: ${rule ?? 'nothing'}`, { tag: '@soak' }, async () => {
    test.setTimeout(5 * 60_000);
    const levels = (await loads(one)).map((result) => new LoadLevel(result));
    const { blockMs = 60_000 } = one;
    const findings = findingsIn(levels, { blockMs });
    const named = [...new Set(findings.map((finding) => finding.rule))];
    expect(named, JSON.stringify(findings, undefined, 1)).toEqual(rule === undefined ? [] : [rule]);
  });
}
