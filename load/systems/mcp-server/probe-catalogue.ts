/** The catalogue of probes: which probes can be judged on a server, and the outcome of one. */
import type { McpClient } from '../../clients/mcp/mcp.ts';
import { RequestNotOk } from '../../clients/scope.ts';
import type { McpCalls } from './calls.ts';
import type { Canaries, CanaryWatch } from './canary.ts';
import { endpointProbes } from './endpoint-probes.ts';
import { fileProbes } from './file-probes.ts';
import { gitProbes } from './git-probes.ts';
import {
  answerText,
  type Probe,
  type ProbeCall,
  type ProbeFamily,
  type ProbeReplies,
  type ProbeTools,
  type SendingProbe,
} from './probe.ts';
import { refuseForeignHosts, webProbes } from './web-probes.ts';

export const catalogue = [...fileProbes, ...gitProbes, ...webProbes, ...endpointProbes];

export interface ProbeResult {
  readonly probe: Probe;
  /** The call as it was sent, or a description of it. */
  readonly call: string;
  /** Evidence that the probe got out of the sandbox. */
  readonly violation?: string | undefined;
  /** Why it shows nothing: there was no answer, possibly because of the load, or nothing to send. */
  readonly unanswered?: string | undefined;
  /** The answer of a control that was refused. */
  readonly refusedControl?: string | undefined;
}

/** A server's probes are judged by those oracles that are available. */
export interface Oracles {
  /** The sandbox's root is on a file system that the suite can read. */
  readonly files: boolean;
  /** The server is on this machine, so it could reach the canary listener. */
  readonly listener: boolean;
  /** Pages that the server's own rule allows, and that can redirect. */
  readonly pages: boolean;
  /** An endpoint with MCP over HTTP. */
  readonly endpoint: boolean;
}

const needed: Readonly<Record<ProbeFamily, readonly (keyof Oracles)[]>> = {
  files: ['files'],
  git: ['files'],
  web: ['listener'],
  endpoint: ['endpoint', 'files'],
};

/** The first missing oracle that a probe needs; `undefined` if it can be judged. */
export function lacking({ needsPages, family }: Probe, oracles: Oracles) {
  const all = [...needed[family], ...(needsPages === true ? (['pages'] as const) : [])];
  return all.find((oracle) => !oracles[oracle]);
}

/** The probes that can be judged on a server. */
export function judgeable(oracles: Oracles): Probe[] {
  return catalogue.filter((probe) => lacking(probe, oracles) === undefined);
}

/** Sends one probe with its own canaries. Rejects if the canaries themselves fail. */
export async function sendProbe(
  probe: Probe,
  canaries: Canaries,
  tools: ProbeTools,
): Promise<ProbeResult> {
  const watched = await canaries.watch(probe.suffix);
  const { place } = watched;
  try {
    await probe.prepare?.(place);
    const call = 'call' in probe ? probe.call(place) : undefined;
    const shown = 'what' in probe ? probe.what : `${call!.tool} ${JSON.stringify(call!.args)}`;
    if (call !== undefined) refuseForeignHosts(probe.id, textIn(call.args));
    await watched.arm();
    return { probe, call: shown.slice(0, 500), ...(await outcomeOf(probe, call, watched, tools)) };
  } finally {
    await watched.clear();
  }
}

async function outcomeOf(
  probe: Probe,
  call: ProbeCall | undefined,
  watched: CanaryWatch,
  tools: ProbeTools,
): Promise<Omit<ProbeResult, 'probe' | 'call'>> {
  const { place } = watched;
  let replies: ProbeReplies;
  let isSuccess = false;
  let unanswered: string | undefined;
  try {
    if (call === undefined) replies = await (probe as SendingProbe).send(place, tools);
    else {
      const answer = await tools.call(call);
      isSuccess = answer.kind === 'success';
      replies = { texts: [answerText(answer)] };
      if (answer.kind === 'httpError' && hasRefusedNothing(answer.code ?? 0)) {
        unanswered = `status ${answer.code}`;
      }
    }
  } catch (error) {
    if (!(error instanceof RequestNotOk)) throw error;
    // No answer is no leak, but the server may have done something.
    replies = { texts: [error.sample.errorDetail] };
    const { status, sample } = error;
    if (sample.outcome === 'timeout' || hasRefusedNothing(status)) unanswered = error.message;
    const violation = `no answer: ${error.message}`;
    if (probe.mustAnswer === true) replies = { ...replies, violation };
  }
  const violation = (await watched.violation(replies.texts)) ?? replies.violation;
  const got = replies.texts.join(' ');
  const isAllowed = isSuccess && (probe.control !== 'token' || got.includes(place.token));
  if (probe.control === undefined || isAllowed) {
    return { violation, unanswered: unanswered ?? replies.notSent };
  }
  return { violation, refusedControl: got.slice(0, 200) };
}

/** An error status is a refusal. A status of a server that is too busy, or gone (0), refuses nothing. */
function hasRefusedNothing(status: number): boolean {
  return status === 0 || status === 429 || status === 503;
}

/** The client functions for probes: calls with the server's own names, with any answer accepted. */
export function probeTools(
  mcp: McpClient,
  calls: McpCalls,
  raw: Pick<ProbeTools, 'http' | 'endpoint'>,
): ProbeTools {
  const named = ({ tool, args }: ProbeCall) => {
    const own = calls(tool, args);
    return { name: own.tool, arguments: own.args };
  };
  return {
    ...raw,
    named,
    call: (call) => {
      const own = named(call);
      return mcp.callTool(own.name, own.arguments, { name: 'probe', accept: 'any' });
    },
  };
}

function textIn(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return '';
  return Object.values(value).map(textIn).join(' ');
}
