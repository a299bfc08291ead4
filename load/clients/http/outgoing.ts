/** A request that is ready to be sent: address, headers and bytes. */
import type { FilePart, RequestOptions, RequestOverrides } from './http.ts';
import { jsonTypeBy, overridden } from './overrides.ts';

export interface Payload {
  readonly bytes: Uint8Array;
  /** Content type; '' for none. */
  readonly type: string;
}

/** The address that a target's paths are relative to. */
export interface TargetAddress {
  readonly origin: string;
  /** Path of the target's address, which is put before every path; '' for none. */
  readonly basePath: string;
}

export interface Outgoing {
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly payload: Payload | undefined;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly name: string | undefined;
  /** Redirects that were followed to get here. */
  readonly hop: number;
}

/**
 * Builds a request. `base` are the user's own headers; `path` is a path of the target, from `/`, or a
 * whole URL. Throws if it is neither.
 */
export function composeRequest(
  setting: TargetAddress,
  base: readonly string[],
  method: string,
  path: string,
  payload: Payload | undefined,
  { name, query, headers }: RequestOptions<unknown>,
): Outgoing {
  const url = path.startsWith('/') ? undefined : addressOf(path);
  const isSameHost = url === undefined || url.origin === setting.origin;
  const plainPath = url === undefined ? setting.basePath + path : url.pathname + url.search;
  return {
    method,
    origin: url?.origin ?? setting.origin,
    path: encoded(query === undefined ? plainPath : withQuery(plainPath, query)),
    payload,
    // The user's headers may carry keys and tokens and go only to the target; the user agent goes to all
    // hosts.
    headers: headersOf(isSameHost ? base : headersWhere(base, isAgent), payload, headers),
    name,
    hop: 0,
  };
}

/** The bytes and content type of the task's payload, if there is one. Throws if more than one kind is given. */
export function payloadOf(
  options: RequestOptions<unknown>,
  overrides?: readonly RequestOverrides[],
): Payload | Promise<Payload> | undefined {
  const { json, form, multipart, body, type } = options;
  const isBare = json === undefined && form === undefined && multipart === undefined;
  if (isBare && body === undefined) return undefined;
  const given = [json, form, multipart, body].filter((value) => value !== undefined);
  if (given.length > 1) throw new Error('one of json, form, multipart and body; more were given');
  if (json !== undefined) {
    if (overrides === undefined) return jsonPayload(json, 'application/json');
    return jsonPayload(overridden(json, overrides), jsonTypeBy(overrides));
  }
  if (form !== undefined) {
    const bytes = Buffer.from(new URLSearchParams(form).toString());
    return { bytes, type: 'application/x-www-form-urlencoded' };
  }
  if (multipart !== undefined) return encodeMultipart(multipart);
  const bytes = typeof body === 'string' ? Buffer.from(body) : body!;
  return { bytes, type: type ?? 'application/octet-stream' };
}

function jsonPayload(json: unknown, type: string): Payload {
  return { bytes: Buffer.from(JSON.stringify(json)), type };
}

function addressOf(text: string): URL {
  if (/^https?:\/\//i.test(text) && URL.canParse(text)) return new URL(text);
  throw new Error(`path "${text}": accepted is a path from "/" or a whole http(s) address`);
}

function headersOf(
  base: readonly string[],
  payload: Payload | undefined,
  own: Readonly<Record<string, string>> | undefined,
): readonly string[] {
  if (own === undefined && payload === undefined) return base;
  if (own === undefined) {
    const headers = headersWhere(base, (name) => name.toLowerCase() !== 'content-type');
    if (payload!.type !== '') headers.push('content-type', payload!.type);
    return headers;
  }
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()));
  const headers = headersWhere(base, (name) => !names.has(name.toLowerCase()));
  if (payload !== undefined && payload.type !== '' && !names.has('content-type')) {
    headers.push('content-type', payload.type);
  }
  for (const [name, value] of Object.entries(own)) headers.push(name, value);
  return headers;
}

/** The GET that continues a request whose answer is still to come. */
export function resumed(from: Outgoing, own: Readonly<Record<string, string>>): Outgoing {
  const base = headersWhere(from.headers, (name) => !/^content-/i.test(name));
  return { ...from, method: 'GET', payload: undefined, headers: headersOf(base, undefined, own) };
}

function isAgent(name: string): boolean {
  return name.toLowerCase() === 'user-agent';
}

/** Names and values in turn: the headers that `keep` accepts. */
export function headersWhere(headers: readonly string[], keeps: (name: string) => boolean) {
  return headers.filter((_, i) => keeps(headers[i - (i % 2)]!));
}

/** Encodes a path as a browser does: characters other than visible ASCII are percent-encoded. */
function encoded(path: string): string {
  return /[^!-~]/.test(path) ? path.replace(/[^!-~]+/g, encodeURIComponent) : path;
}

function withQuery(path: string, query: NonNullable<RequestOptions<unknown>['query']>): string {
  const pairs = Object.entries(query).map(([name, value]): [string, string] => [
    name,
    String(value),
  ]);
  const text = new URLSearchParams(pairs).toString();
  return text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`;
}

async function encodeMultipart(
  parts: Readonly<Record<string, string | FilePart>>,
): Promise<Payload> {
  const form = new FormData();
  for (const [name, part] of Object.entries(parts)) {
    if (typeof part === 'string') form.append(name, part);
    else {
      const file = new Blob([part.bytes], { type: part.type ?? '' });
      form.append(name, file, part.filename);
    }
  }
  // The platform's encoder chooses the boundary.
  const encoded = new Response(form);
  const bytes = new Uint8Array(await encoded.arrayBuffer());
  return { bytes, type: encoded.headers.get('content-type') ?? 'multipart/form-data' };
}
