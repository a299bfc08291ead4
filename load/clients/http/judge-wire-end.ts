/** Outcomes of exchanges that did not complete: codes of Node and undici become the suite's kinds of errors. */
import type { ErrorKind } from '../../metrics/outcome.ts';
import type { Exchange } from './exchange.ts';
import { noRoom } from './kept-bodies.ts';
import type { WireEnd } from './wire-end.ts';

const kinds: Readonly<Record<string, ErrorKind>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_NODATA: 'dns',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ECONNABORTED: 'reset',
  UND_ERR_SOCKET: 'reset',
  ETIMEDOUT: 'connectTimeout',
  EHOSTUNREACH: 'connectTimeout',
  ENETUNREACH: 'connectTimeout',
  UND_ERR_CONNECT_TIMEOUT: 'connectTimeout',
  // Limits of this machine, which never count against the target.
  EMFILE: 'generator',
  ENFILE: 'generator',
  EADDRNOTAVAIL: 'generator',
  ENOBUFS: 'generator',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  // The task's request cannot be sent at all.
  UND_ERR_INVALID_ARG: 'task',
  UND_ERR_NOT_SUPPORTED: 'task',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'truncated',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'tooLarge',
  // The guard on hosts refused it before it was sent.
  LOADWRIGHT_BLOCKED_HOST: 'generator',
};

/** Errors for which undici itself ends a connection, by message. They are not resets by the server. */
const socketErrors: Readonly<Record<string, ErrorKind>> = {
  // An unrequested 100 Continue that came in pieces (unasked-continue.ts). HTTP clients should ignore it.
  'bad response': 'generator',
  'bad upgrade': 'protocol',
};

const tlsCode =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/;

const misread = 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH';
/**
 * A server that closes an idle connection does so before it can have seen the request: within one round
 * trip plus the jitter of a busy event loop. If it closes later it was working on the request, and that
 * is a reset.
 */
const grainMs = 25;

/** `isReused`: the socket had carried requests before this one. */
export function judgeWireEnd(
  exchange: Exchange,
  end: Exclude<WireEnd, { kind: 'complete' | 'answered' | 'undecodable' }>,
  isReused: boolean,
): void {
  const { sample, hasHeaders, status } = exchange;
  if (end.kind === 'timeout') {
    const detail = hasHeaders ? `after the headers of a ${status}` : 'no answer';
    sample.judge('timeout', 'timeout', detail);
  } else if (end.kind === 'interrupted') {
    sample.judge('interrupted', 'interrupted', 'cut off by the end of the run');
  } else if (end.kind === 'unreadable') {
    sample.judge('failed', 'task', `onChunk: ${errorTextOf(end.error)}`);
  } else if (end.kind === 'tooLarge') {
    sample.judge('invalid', 'tooLarge', 'the body is larger than the limit');
  } else if (end.kind === 'noRoom') {
    sample.judge('invalid', 'generator', noRoom);
  } else {
    const text = errorTextOf(end.error);
    const told = errorKindOf(end.error);
    // If undici cannot parse a head, it blames the content length in it.
    const kind = told === 'truncated' && !hasHeaders && text.includes(misread) ? 'protocol' : told;
    const isLost = kind === 'reset' || kind === 'truncated' || kind === 'other';
    const waitedMs = sample.endedAtMs - sample.startedAtMs;
    const wasIdle = isReused && waitedMs <= grainMs + 2 * exchange.connection.connectMs;
    // Headers arrived but not the whole body: the answer was cut off.
    if (hasHeaders && isLost) sample.judge('invalid', 'truncated', text);
    else if (kind === 'reset' && wasIdle) sample.judge('failed', 'closedIdle', text);
    else sample.judge('failed', kind, text);
  }
}

/** The kind of a connection's error; `other` if it is unknown. */
export function errorKindOf(error: unknown): ErrorKind {
  const found = chainOf(error).flatMap((one) => kindOfOne(one) ?? []);
  // A name may have several addresses. That this machine lacks an address family (EADDRNOTAVAIL on ::1)
  // does not matter if another address answered, even by refusing.
  return found.find((kind) => kind !== 'generator') ?? found[0] ?? 'other';
}

function kindOfOne(error: object): ErrorKind | undefined {
  const { name, message } = error as { name?: unknown; message?: unknown };
  if (name === 'HTTPParserError') {
    // undici gives its parser's errors no code (7.30: it looks names up the wrong way round).
    return String(message).includes('EOF') ? 'truncated' : 'protocol';
  }
  const code = codeOf(error);
  if (code === undefined) return undefined;
  if (code === 'UND_ERR_SOCKET' && typeof message === 'string') {
    const own = Object.hasOwn(socketErrors, message) ? socketErrors[message] : undefined;
    if (own !== undefined) return own;
  }
  if (Object.hasOwn(kinds, code)) return kinds[code];
  if (tlsCode.test(code)) return 'tls';
  return code.startsWith('HPE_') ? 'protocol' : undefined;
}

/** Code and message in one line. */
export function errorTextOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const { message, errors } = error as { message?: unknown; errors?: unknown };
  if (Array.isArray(errors) && message === '') return errors.map(errorTextOf).join('; ');
  const text = typeof message === 'string' ? message : 'no message';
  const code = codeOf(error);
  return code === undefined || text.includes(code) ? text : `${code}: ${text}`;
}

function codeOf(error: object): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** All errors in an aggregate error (a name with several addresses), itself and its causes. */
function chainOf(error: unknown, depth = 0): object[] {
  if (typeof error !== 'object' || error === null || depth > 4) return [];
  const { errors, cause } = error as { errors?: unknown; cause?: unknown };
  const gathered = Array.isArray(errors) ? errors.flatMap((one) => chainOf(one, depth + 1)) : [];
  return [...gathered, error, ...chainOf(cause, depth + 1)];
}
