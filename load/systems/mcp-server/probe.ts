/**
 * What a probe of a sandbox is: a call that must be refused, or a control that must be allowed, with the
 * place that its canaries make. Probes are data; whether one got out is decided by the canaries alone
 * (canary.ts), never by the wording of a reply.
 */
import type { Http } from '../../clients/http/http.ts';
import type { McpAnswer, McpArguments } from '../../clients/mcp/mcp.ts';
import type { McpToolName } from './settings.ts';

export const probeFamilies = ['files', 'git', 'web', 'endpoint'] as const;
export type ProbeFamily = (typeof probeFamilies)[number];

/** The surroundings of one probe, made afresh each time it is sent. */
export interface Place {
  /** Text in every name of this place. */
  readonly nonce: string;
  /** The sandbox's root, as the server sees it. */
  readonly root: string;
  /** A folder in the sandbox for this probe, and its path from the root. */
  readonly inside: string;
  readonly insideName: string;
  /** The canary folder beside the sandbox, and its name: the root's with something after it. */
  readonly out: string;
  readonly outName: string;
  /** What `secret` in the canary folder holds, and no reply may. */
  readonly secret: string;
  /** What a control's answer must hold. */
  readonly token: string;
  /** A file of the canary folder that must never appear. */
  readonly marker: string;
  /** Port of the canary listener, and the path of this probe there. */
  readonly port: number;
  readonly path: string;
  /** Address of the pages that the server may fetch; '' where it is not known. */
  readonly pages: string;
}

export interface ProbeCall {
  readonly tool: McpToolName;
  readonly args: McpArguments;
}

/** How a probe reaches the server. */
export interface ProbeTools {
  readonly http: Http;
  /** Path of the MCP endpoint; `undefined` where the server has none that speaks HTTP. */
  readonly endpoint: string | undefined;
  call(call: ProbeCall): Promise<McpAnswer>;
  /** The call in the server's own words, for what is sent by hand. */
  named(call: ProbeCall): { readonly name: string; readonly arguments: McpArguments };
}

/** What came of a probe that is more than one call. */
export interface ProbeReplies {
  readonly texts: readonly string[];
  /** What it saw itself that may not be. */
  readonly violation?: string;
  /** Why it was not sent: this server has nothing that it could try. */
  readonly notSent?: string;
}

interface ProbeData {
  /** `files-3a`: family, number in the catalogue, variant. */
  readonly id: string;
  readonly family: ProbeFamily;
  /** Where it was seen in the wild. */
  readonly origin?: string;
  /** After the root's name in the canary folder's; default `-canary`. */
  readonly suffix?: string;
  /** It must be allowed: its answer holds the place's token, or is at least a success. */
  readonly control?: 'token' | 'success';
  /** It must be answered, if only by an error, within its time. */
  readonly mustAnswer?: boolean;
  /** It needs pages of which the server's own rule allows to fetch. */
  readonly needsPages?: boolean;
  readonly prepare?: (place: Place) => Promise<void>;
}

interface CallingProbe extends ProbeData {
  readonly call: (place: Place) => ProbeCall;
}

export interface SendingProbe extends ProbeData {
  /** In words, where others show their call. */
  readonly what: string;
  readonly send: (place: Place, tools: ProbeTools) => Promise<ProbeReplies>;
}

/** One call of a tool, or something of its own. */
export type Probe = CallingProbe | SendingProbe;

/** Everything that an answer says. */
export function answerText({ content, text }: McpAnswer): string {
  return `${text} ${JSON.stringify(content)}`;
}
