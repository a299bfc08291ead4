/** Names what went wrong on the wire: codes of Node and undici become kinds of the suite. */
import type { ErrorKind } from '../metrics/outcome.ts';

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
  // This machine's own limits: never charged to the target.
  EMFILE: 'generator',
  ENFILE: 'generator',
  EADDRNOTAVAIL: 'generator',
  ENOBUFS: 'generator',
  UND_ERR_HEADERS_OVERFLOW: 'protocol',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'truncated',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'tooLarge',
  LOADWRIGHT_BLOCKED_HOST: 'blockedHost',
};

const tlsCode =
  /^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/;

/** The kind of a connection's error; `other` for what has no name here. */
export function errorKindOf(error: unknown): ErrorKind {
  for (const one of chainOf(error)) {
    const code = codeOf(one);
    if (code === undefined) continue;
    const known = Object.hasOwn(kinds, code) ? kinds[code] : undefined;
    if (known !== undefined) return known;
    if (tlsCode.test(code)) return 'tls';
    if (code.startsWith('HPE_')) return 'protocol';
  }
  return 'other';
}

/** Code and message in one line. */
export function errorTextOf(error: unknown): string {
  const { message } = error as { message?: unknown };
  const text = typeof message === 'string' ? message : String(error);
  const code = codeOf(error);
  return code === undefined || text.includes(code) ? text : `${code}: ${text}`;
}

function codeOf(error: unknown): string | undefined {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** An error, the errors that it gathers (a name with several addresses), and its causes. */
function* chainOf(error: unknown): Generator {
  let one: unknown = error;
  for (let depth = 0; depth < 5 && typeof one === 'object' && one !== null; depth++) {
    yield one;
    const { errors } = one as { errors?: unknown };
    if (Array.isArray(errors)) yield* errors;
    one = (one as { cause?: unknown }).cause;
  }
}
