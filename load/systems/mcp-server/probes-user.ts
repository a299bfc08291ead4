/**
 * A user that sends probes beside the load: each iteration sends the next probe of the catalogue, so that
 * all are sent before any is repeated, and records the violations.
 */
import { z } from 'zod';
import { isHostAllowed } from '../../settings/allowed-hosts.ts';
import type { Http } from '../../clients/http/http.ts';
import { newMcpClient } from '../../clients/mcp/connect.ts';
import type { McpClient } from '../../clients/mcp/mcp.ts';
import { parsedJson } from '../../platform/json-file.ts';
import { defined } from '../../platform/defined.ts';
import { defineUser, type TargetInfo, type TaskContext } from '../../user/define-user.ts';
import { probeMetrics } from './metrics.ts';
import { mcpCalls } from './calls.ts';
import { bearerKey } from '../bearer-key.ts';
import type { McpSettings } from './settings.ts';
import { Canaries } from './canary.ts';
import { servePages } from './pages.ts';
import { provenRoot } from './proven-root.ts';
import { oracleMetrics } from './probe-families.ts';
import { probeFamilies, type Probe, type ProbeTools } from './probe.ts';
import {
  catalogue,
  judgeable,
  lacking,
  probeTools,
  sendProbe,
  type Oracles,
} from './probe-catalogue.ts';

/** The reference server reports where its sandbox and its pages are. */
const about = z.object({
  sandbox: z.object({ root: z.string(), pages: z.string() }).optional(),
});

/** How much of a call an error shows before the evidence. */
const shownCallCharacters = 90;

interface Round {
  readonly canaries: Canaries;
  readonly probes: readonly Probe[];
  readonly oracles: Oracles;
  /** Ids of the controls that the server allowed when they were last sent. */
  readonly allowed: Set<string>;
  sent: number;
  isRecorded: boolean;
}

interface State {
  readonly mcp: McpClient;
  readonly tools: ProbeTools;
  readonly round: Round;
  /** Ends the suite's pages when the last user calls it; absent if the suite serves none. */
  readonly leavePages: (() => Promise<void>) | undefined;
}

export function sandboxProbesUser(settings: McpSettings) {
  // All users of the stream share one round, since the next probe depends on what all have sent.
  let shared: Promise<Round> | undefined;
  return defineUser({
    system: 'mcp-server',
    http: { headers: bearerKey },
    maxLabelValues: catalogue.length + 1,
    metrics: probeMetrics,
    onStart: async (context): Promise<State> => {
      const mcp = newMcpClient(settings, context, () => undefined);
      await mcp.open();
      const calls = mcpCalls(settings.map, await mcp.listTools());
      const endpoint = settings.transport === 'http' ? settings.endpoint : undefined;
      const tools = probeTools(mcp, calls, { http: context.http, endpoint });
      const round = await (shared ??= newRound(settings, tools, context));
      const { pagesUrl } = settings;
      const leavePages = pagesUrl === undefined ? undefined : await servePages(pagesUrl);
      return { mcp, tools, round, leavePages };
    },
    onStop: async ({ state }) => {
      await state.leavePages?.();
      await state.mcp.close();
    },
    tasks: {
      probe: {
        // The slowest tool sets the deadline: an endless page is given up within it.
        deadline: '15s',
        // A probe sent in preflight would be missing from the load's first round.
        preflight: false,
        run: sendNextProbe,
      },
    },
  });
}

type Context = TaskContext<State, never, keyof typeof probeMetrics>;

async function sendNextProbe({ state, label, record, fail }: Context): Promise<void> {
  const { round, tools } = state;
  const { probes, canaries } = round;
  if (!round.isRecorded) recordCatalogue(round, { label, record });
  if (probes.length === 0) return;
  const probe = probes[round.sent++ % probes.length]!;
  label('family', probe.family);
  label('probe', probe.id);
  const result = await sendProbe(probe, canaries, tools);
  const { violation, unanswered, refusedControl } = result;
  const call = shortened(result.call);
  if (unanswered !== undefined && violation === undefined) {
    record('probesUnanswered', 1);
    return;
  }
  record(probe.control === undefined ? 'probesSent' : 'controlsSent', 1);
  if (refusedControl !== undefined) round.allowed.delete(probe.id);
  else if (probe.control !== undefined) round.allowed.add(probe.id);
  if (violation !== undefined) record('sandboxViolations', 1);
  else if (isConclusive(round)) record('sandboxViolations', 0);
  if (violation !== undefined) fail(`${probe.id} got out: ${call}: ${violation}`);
  if (refusedControl === undefined) return;
  record('controlsRefused', 1);
  fail(`${probe.id} was refused: ${call}: ${refusedControl}`);
}

function shortened(call: string): string {
  return call.length <= shownCallCharacters ? call : `${call.slice(0, shownCallCharacters)}…`;
}

/** Without these records the log would not show which probes were not sent. */
function recordCatalogue(round: Round, { label, record }: Pick<Context, 'label' | 'record'>): void {
  round.isRecorded = true;
  for (const family of probeFamilies) {
    const count = (probes: readonly Probe[]): number =>
      probes.filter((probe) => probe.family === family && probe.control === undefined).length;
    label('family', family);
    record('probesInCatalogue', count(catalogue));
    record('probesJudgeable', count(round.probes));
  }
  for (const probe of catalogue) {
    const oracle = lacking(probe, round.oracles);
    if (oracle === undefined || probe.control !== undefined) continue;
    label('family', probe.family);
    label('probe', probe.id);
    record(oracleMetrics[oracle], 1);
  }
}

async function newRound(
  settings: McpSettings,
  tools: ProbeTools,
  { http, target }: { readonly http: Http; readonly target: TargetInfo },
): Promise<Round> {
  const told = await askAbout(settings.health, http);
  const isHere = isHostAllowed(new URL(target.url).hostname, []);
  const toldRoot = isHere ? told?.root : undefined;
  const root =
    settings.sandboxRoot ??
    (toldRoot === undefined ? undefined : await provenRoot(toldRoot, tools));
  const pages = settings.pagesUrl ?? told?.pages ?? '';
  const oracles = {
    files: root !== undefined,
    listener: isHere,
    pages: pages !== '',
    endpoint: settings.transport === 'http',
  };
  const canaries = new Canaries(defined({ root, folder: settings.canaryFolder, pages }));
  const probes = controlsFirst(judgeable(oracles));
  return { canaries, probes, oracles, allowed: new Set(), sent: 0, isRecorded: false };
}

/** A refused probe counts only after the server has allowed the controls, so these come first. */
function controlsFirst(probes: readonly Probe[]): Probe[] {
  const isControl = ({ control }: Probe): boolean => control !== undefined;
  return [...probes.filter(isControl), ...probes.filter((probe) => !isControl(probe))];
}

/** If a server refuses everything, or a whole family, its refusals show nothing. */
function isConclusive({ probes, allowed }: Round): boolean {
  return probes.every(({ id, control }) => control === undefined || allowed.has(id));
}

async function askAbout(health: string | undefined, http: Http) {
  if (health === undefined) return undefined;
  const reply = await http.get(health, { name: 'health' });
  return about.safeParse(parsedJson(reply.text())).data?.sandbox;
}
