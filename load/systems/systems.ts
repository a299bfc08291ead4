/**
 * The systems of the suite, as far as it must know them before their users are loaded: how to reach them,
 * and their settings. Start reading here. The users are in their own files or folders, the scenarios in
 * tests/systems. A team's own system needs no entry: its variables are named after it, such as `<SYSTEM>_URL`.
 */
import type { z } from 'zod';
import type { MetricDeclarations } from '../metrics/definitions.ts';
import { pairSchema } from '../settings/pair-settings.ts';
import { wrongSettings } from '../settings/settings.ts';
import { healthSchema } from '../settings/system-variables.ts';
import { asNamed, wrongVariables, type Environment } from '../settings/variables.ts';
import { gatewayMetrics } from './api-gateway/metrics.ts';
import { apiGatewaySettings } from './api-gateway/settings.ts';
import { overridesSchema } from './declared-overrides.ts';
import { mcpMetrics, probeMetrics } from './mcp-server/metrics.ts';
import { formerMcpName, mcpServerSettings } from './mcp-server/settings.ts';
import { queryMetrics } from './query-gateway/metrics.ts';
import { ragMetrics } from './rag-service/metrics.ts';

export interface SystemEntry {
  /** Variable of the API key, if it is not `<SYSTEM>_KEY`. */
  readonly keyVariable?: string;
  /** Variable of the command that starts the system as a child process of each user, without an address. */
  readonly commandVariable?: string;
  /** The key that the reference service of the same name accepts. */
  readonly referenceKey?: string;
  /** Metrics that its users declare. The engine names none of them. */
  readonly metrics: MetricDeclarations;
  /** Settings of its own. */
  readonly settings?: z.ZodObject;
  /** By how a request ended before the load: which settings may be the cause. */
  readonly hints?: Readonly<Partial<Record<string, string>>>;
  /** The earlier name of a setting, which is still read. */
  readonly formerName?: (name: string) => string;
}

export const systems: Readonly<Record<string, SystemEntry>> = {
  'api-gateway': {
    metrics: gatewayMetrics,
    settings: apiGatewaySettings,
    hints: {
      truncated:
        'a whole stream ends with both a finish_reason and [DONE]; for a gateway that sends only one, set ' +
        'API_GATEWAY_STREAM_END=finish-reason, or =done',
    },
  },
  'rag-service': { metrics: ragMetrics },
  'mcp-server': {
    metrics: { ...mcpMetrics, ...probeMetrics },
    commandVariable: 'MCP_SERVER_COMMAND',
    settings: mcpServerSettings,
    formerName: formerMcpName,
  },
  'health-agent': {
    metrics: {},
    keyVariable: 'HEALTH_AGENT_API_KEY',
    referenceKey: 'test_key_123',
  },
  'query-gateway': { metrics: queryMetrics },
  'resource-agent': { metrics: {} },
};

/** Throws one error that names every wrong setting, of the suite and of each system. */
export function refuseWrongSettings(environment: Environment): void {
  const wrong = [
    ...wrongSettings(environment),
    ...wrongVariables(pairSchema, environment),
    ...Object.entries(systems).flatMap(([name, { settings, formerName }]) => [
      ...wrongVariables(healthSchema(name), environment),
      ...wrongVariables(overridesSchema(name), environment),
      ...(settings === undefined
        ? []
        : wrongVariables(asNamed(settings, environment, formerName), environment)),
    ]),
  ];
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
}
