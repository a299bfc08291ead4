/**
 * MCP as a user sees it, over any transport: open, list the tools, call them, close. Each step is a
 * request with its own name and latency. The client is the suite's own, since the time that a library
 * spends on a call would be reported as the server's latency. Start reading here; message.ts reads
 * answers, and each transport (streamable-http.ts, stdio.ts, rest.ts) has a file.
 */
import type { ProtocolClient } from '../client.ts';
import { ownVersion } from '../../platform/version.ts';

/** A tool's answer, including errors if the caller accepts them. */
export interface McpAnswer {
  /**
   * Four different things: a result, a result that says it is an error, a JSON-RPC error, and an HTTP
   * status other than 2xx.
   */
  readonly kind: 'success' | 'toolError' | 'rpcError' | 'httpError';
  /** The items of the result, as they came. */
  readonly content: readonly McpContent[];
  /**
   * The text of the content's items and their embedded resources; without any, the text of the structured
   * content; or the error's message.
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
  /** The name under which it is counted. Default: the task's. */
  readonly name?: string;
  /** `any`: every answer is ok. For calls that the server should refuse. */
  readonly accept?: 'success' | 'any';
}

/** A call that does not end ok rejects with `RequestNotOk`. */
export interface McpClient extends ProtocolClient {
  /** The negotiated version of the protocol; undefined before `open` and for transports without versions. */
  readonly protocol: string | undefined;
  listTools(): Promise<readonly McpTool[]>;
  callTool(tool: string, args: McpArguments, options?: McpCallOptions): Promise<McpAnswer>;
}

/** Events of sessions, reported as they happen. `resumed`: an interrupted stream was continued. */
export type SessionEvent = 'opened' | 'closed' | 'lost' | 'resumed';

export interface McpClientOptions {
  /** `auto` asks for the newest version first; a version asks for exactly that one. */
  readonly protocol: McpProtocol;
  readonly onSession: (event: SessionEvent) => void;
}

/** Stateless requests (2026-07-28), and initialised sessions (up to 2025-11-25). */
export const statelessProtocol = '2026-07-28';
export const sessionProtocol = '2025-11-25';

export type McpProtocol = 'auto' | typeof statelessProtocol | typeof sessionProtocol;

/** All statuses, for calls that a server should refuse. */
export const anyStatus = Array.from({ length: 400 }, (_, i) => 200 + i);

export const clientInfo = { name: 'loadwright', version: ownVersion } as const;
