/**
 * Access control of a server on loopback: only the page that it served may send requests. Other pages in
 * the same browser can reach loopback too: with a form, with a name that resolves to 127.0.0.1, with an
 * image. So a request must name this host, come from this origin if it states one, and carry the token,
 * which only whoever started the server was told.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Thrown in place of an answer. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Maximum size of a body. */
export const mostBodyBytes = 64 * 1024;
/** Maximum length of a URL. */
const longestUrl = 2048;
const methods = ['GET', 'POST'] as const;

export interface Asked {
  readonly method: (typeof methods)[number];
  readonly url: URL;
  /** The token was in the URL, so the page may receive its cookie. */
  readonly hasToken: boolean;
}

export class Gate {
  /** Part of the printed URL. */
  readonly token = randomBytes(24).toString('base64url');
  /** Part of the path of reports, which are shown without the cookie. It only permits reading them. */
  readonly readKey = randomBytes(24).toString('base64url');
  private port = 0;

  /** The port on which the server listens. */
  openAt(port: number): void {
    this.port = port;
  }

  /** Cookies do not depend on the port, so each server on this machine has a cookie name of its own. */
  get cookie(): string {
    return `loadwright-${this.port}=${this.token}; HttpOnly; SameSite=Strict; Path=/`;
  }

  /** Throws a `Refusal` if the request does not come from this server's own page. */
  asked(request: IncomingMessage): Asked {
    const { headers, url: target = '', method: given = '' } = request;
    const method = methods.find((one) => one === given);
    if (method === undefined) throw new Refusal(405, `${given}: accepted are GET and POST`);
    const { host = '' } = headers;
    if (!this.hosts().includes(host))
      throw new Refusal(403, `Host ${host}: accepted is ${this.hosts().join(' or ')}`);
    if (target.length > longestUrl)
      throw new Refusal(414, `the address: accepted are ${longestUrl} characters`);
    const url = parsedUrl(target, host);
    const [key, value] = this.cookie.split(';')[0]!.split('=') as [string, string];
    const hasToken = isSame(url.searchParams.get('token') ?? '', this.token);
    const hasCookie = isSame(cookieIn(headers.cookie ?? '', key), value);
    const isReading = method === 'GET' && url.pathname.startsWith(`/report/${this.readKey}/`);
    // A report is shown in its own origin, and the printed URL may be opened from a page such as a chat.
    refuseOtherOrigins(headers, host, method, isReading || (hasToken && method === 'GET'));
    if (!hasCookie && !isReading && !(hasToken && method === 'GET'))
      throw new Refusal(401, 'the token is missing or wrong: open the address that was printed');
    return { method, url, hasToken };
  }

  private hosts(): string[] {
    // Browsers leave out the default port of http.
    const port = this.port === 80 ? '' : `:${this.port}`;
    return [`127.0.0.1${port}`, `localhost${port}`];
  }
}

function refuseOtherOrigins(
  { origin, 'sec-fetch-site': site }: IncomingMessage['headers'],
  host: string,
  method: Asked['method'],
  isOpen: boolean,
): void {
  const own = `http://${host}`;
  if (origin === undefined ? method !== 'GET' : origin !== own)
    throw new Refusal(403, `Origin ${origin ?? 'is missing'}: accepted is ${own}`);
  if (site === undefined || site === 'same-origin' || site === 'none' || isOpen) return;
  throw new Refusal(403, `Sec-Fetch-Site ${site}: accepted is same-origin`);
}

/** Parses the body as JSON. Throws a `Refusal` if it is too long or missing. */
export async function jsonBody(request: IncomingMessage): Promise<unknown> {
  const { 'content-type': type = '', 'content-length': length = '0' } = request.headers;
  if (!type.startsWith('application/json'))
    throw new Refusal(415, `Content-Type ${type}: accepted is application/json`);
  if (Number(length) > mostBodyBytes) throw tooLong();
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > mostBodyBytes) throw tooLong();
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString()) as unknown;
  } catch {
    throw new Refusal(400, 'the body: accepted is JSON');
  }
}

function tooLong(): Refusal {
  return new Refusal(413, `the body: accepted are ${mostBodyBytes} bytes`);
}

function parsedUrl(target: string, host: string): URL {
  if (target.startsWith('/') && URL.canParse(`http://${host}${target}`))
    return new URL(`http://${host}${target}`);
  throw new Refusal(400, 'the address: accepted is a path');
}

function cookieIn(header: string, name: string): string {
  const pairs = header.split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1] ?? '';
}

/** Compares in constant time. */
function isSame(given: string, own: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(own));
}
