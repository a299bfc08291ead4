/**
 * MCP as a user of a system sees it, whatever the transport: open, list the tools, call them, close.
 * Each step is a request of its own, with its own name and latency. The client is the suite's own: what
 * a library spends on a call would be reported as the server's latency. Start reading here; message.ts reads answers, and each transport
 * (streamable-http.ts, stdio.ts, rest.ts) has a file.
 */
import type { ProtocolClient } from '../client.ts';
import { ownVersion } from '../../platform/version.ts';

/** What a tool answered: also errors, where the caller accepts them. */
export interface McpAnswer {
  /**
   * Four different things: a result, a result that says it is an error, an error of JSON-RPC, and an
   * HTTP status that is no 2xx.
   */
  readonly kind: 'success' | 'toolError' | 'rpcError' | 'httpError';
  /** The items of the result, as they came. */
  readonly content: readonly McpContent[];
  /**
   * The text of the content's items and of the resources in them, that of the structured content where
   * there is no other, or that of the error.
   */
  readonly text: string;
  /** The result's `structuredContent`, where it has one. */
  readonly structured?: unknown;
  /** Bytes of the images, sounds and files in the content, where it has any. */
  readonly binaryBytes?: number;
  /** Code of the JSON-RPC error, or the HTTP status. */
  readonly code?: number;
}

export interface McpContent {
  readonly type: string;
  readonly text?: string | undefined;
}

export interface McpTool {
  readonly name: string;
  /** JSON Schema of the arguments. */
  readonly inputSchema: unknown;
}

export type McpArguments = Readonly<Record<string, unknown>>;

export interface McpCallOptions {
  /** Name under which it is counted; default: the task's. */
  readonly name?: string;
  /** `any`: whatever the server answers is ok, for calls that it should refuse. */
  readonly accept?: 'success' | 'any';
}

/** Every call that does not end ok rejects with `RequestNotOk`. */
export interface McpClient extends ProtocolClient {
  /** Version of the protocol that was agreed on; none before `open`, and none where there is none. */
  readonly protocol: string | undefined;
  listTools(): Promise<readonly McpTool[]>;
  callTool(tool: string, args: McpArguments, options?: McpCallOptions): Promise<McpAnswer>;
}

/** What becomes of sessions, told as it happens; `resumed`: a stream of one was taken up again. */
export type SessionEvent = 'opened' | 'closed' | 'lost' | 'resumed';

export interface McpClientOptions {
  /** `auto` asks for the newest first; a version pins it. */
  readonly protocol: McpProtocol;
  readonly onSession: (event: SessionEvent) => void;
}

/** Requests that stand alone (2026-07-28), and initialised sessions (up to 2025-11-25). */
export const statelessProtocol = '2026-07-28';
export const sessionProtocol = '2025-11-25';

export type McpProtocol = 'auto' | typeof statelessProtocol | typeof sessionProtocol;

/** Every status, for calls that a server should refuse. */
export const anyStatus = Array.from({ length: 400 }, (_, i) => 200 + i);

export const clientInfo = { name: 'loadwright', version: ownVersion } as const;
