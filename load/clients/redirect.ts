/** Redirects, where a task asked to follow them: each hop is a request of its own, and counted. */
import type { Exchange } from './exchange.ts';
import type { Outgoing } from './outgoing.ts';

const statuses = [301, 302, 303, 307, 308];
const maxHops = 5;
/** Secrets of the target and of its user: never sent to another host. */
const notForOthers = /^(authorization|cookie|proxy-authorization|x-api-key|api-key)$/i;

/** The request that follows a redirect; `undefined` where the answer is none, or the hops are used up. */
export function nextHop(exchange: Exchange, from: Outgoing): Outgoing | undefined {
  const location = exchange.header('location');
  if (!statuses.includes(exchange.status) || location === undefined) return undefined;
  const base = from.origin + from.path;
  if (from.hop >= maxHops || !URL.canParse(location, base)) return undefined;
  const url = new URL(location, base);
  const isSameHost = url.origin === from.origin;
  // 303 always, and 301 and 302 after a POST, ask for the new place with GET (RFC 9110, 15.4).
  const becomesGet = exchange.status === 303 || (exchange.status < 303 && from.method === 'POST');
  const { request } = exchange.sample.series;
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method: becomesGet ? 'GET' : from.method,
    payload: becomesGet ? undefined : from.payload,
    headers: keptHeaders(from.headers, isSameHost, becomesGet),
    name: from.hop === 0 ? `${request} redirect` : request,
    hop: from.hop + 1,
  };
}

function keptHeaders(
  headers: readonly string[],
  isSameHost: boolean,
  dropsBody: boolean,
): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    const name = headers[i]!;
    if (!isSameHost && notForOthers.test(name)) continue;
    if (dropsBody && /^content-/i.test(name)) continue;
    kept.push(name, headers[i + 1]!);
  }
  return kept;
}
