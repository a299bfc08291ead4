/**
 * A probe of a sandbox: a call that must be refused, or a control that must be allowed, with the place
 * that its canaries create. Probes are data. Only the canaries decide whether one got out (canary.ts),
 * never the wording of a reply.
 */
import type { Http } from '../../clients/http/http.ts';
import type { McpAnswer, McpArguments } from '../../clients/mcp/mcp.ts';
import type { McpToolName } from './settings.ts';

export const probeFamilies = ['files', 'git', 'web', 'endpoint'] as const;
export type ProbeFamily = (typeof probeFamilies)[number];

/** The surroundings of one probe, created anew each time it is sent. */
export interface Place {
  /** A text that is part of every name in this place. */
  readonly nonce: string;
  /** The sandbox's root, as the server sees it. */
  readonly root: string;
  /** A folder in the sandbox for this probe, and its path relative to the root. */
  readonly inside: string;
  readonly insideName: string;
  /** The canary folder beside the sandbox, and its name: the root's with a suffix. */
  readonly out: string;
  readonly outName: string;
  /** The content of `secret` in the canary folder, which no reply may contain. */
  readonly secret: string;
  /** The text that a control's answer must contain. */
  readonly token: string;
  /** A file of the canary folder that must never be created. */
  readonly marker: string;
  /** Port of the canary listener, and the path of this probe there. */
  readonly port: number;
  readonly path: string;
  /** URL of the pages that the server may fetch; '' if it is not known. */
  readonly pages: string;
}

export interface ProbeCall {
  readonly tool: McpToolName;
  readonly args: McpArguments;
}

/** How a probe reaches the server. */
export interface ProbeTools {
  readonly http: Http;
  /** Path of the MCP endpoint; `undefined` if the server has none over HTTP. */
  readonly endpoint: string | undefined;
  call(call: ProbeCall): Promise<McpAnswer>;
  /** The call with the server's own names, for requests built by hand. */
  named(call: ProbeCall): { readonly name: string; readonly arguments: McpArguments };
}

/** The result of a probe with more than one call. */
export interface ProbeReplies {
  readonly texts: readonly string[];
  /** A violation that the probe itself observed. */
  readonly violation?: string;
  /** Why it was not sent: there is nothing to try on this server. */
  readonly notSent?: string;
}

interface ProbeData {
  /** `files-3a`: family, number in the catalogue, variant. */
  readonly id: string;
  readonly family: ProbeFamily;
  /** Where it was first reported. */
  readonly origin?: string;
  /** Suffix of the canary folder's name after the root's. Default `-canary`. */
  readonly suffix?: string;
  /** It must be allowed: its answer contains the place's token, or is at least a success. */
  readonly control?: 'token' | 'success';
  /** It must be answered in time, even if only with an error. */
  readonly mustAnswer?: boolean;
  /** It needs pages that the server's own rule allows. */
  readonly needsPages?: boolean;
  readonly prepare?: (place: Place) => Promise<void>;
}

interface CallingProbe extends ProbeData {
  readonly call: (place: Place) => ProbeCall;
}

export interface SendingProbe extends ProbeData {
  /** A description, in place of a call. */
  readonly what: string;
  readonly send: (place: Place, tools: ProbeTools) => Promise<ProbeReplies>;
}

/** One call of a tool, or a function that sends something of its own. */
export type Probe = CallingProbe | SendingProbe;

/** The whole text of an answer. */
export function answerText({ content, text }: McpAnswer): string {
  return `${text} ${JSON.stringify(content)}`;
}
