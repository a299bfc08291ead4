/** Redirects, if a task asked to follow them. Each hop is a separate request and counted. */
import type { Exchange } from './exchange.ts';
import type { RequestOptions } from './http.ts';
import { isExpected } from './judge-response.ts';
import { headersWhere, type Outgoing } from './outgoing.ts';
import { redactUrl } from '../redaction.ts';

const statuses = [301, 302, 303, 307, 308];
const maxHops = 5;
/**
 * The only headers that another host receives. Keys and tokens have many names (`x-goog-api-key`), so
 * this lists headers known to be harmless.
 */
const forOthers = /^(accept|accept-encoding|accept-language|content-type|traceparent|user-agent)$/i;

/**
 * The request that follows a redirect; a text if it cannot be followed; `undefined` if the answer is not
 * a redirect, or not one to follow.
 */
export function nextHop(
  exchange: Exchange,
  from: Outgoing,
  { redirect, status: wanted }: RequestOptions<unknown>,
): Outgoing | string | undefined {
  if (redirect === undefined) return undefined;
  // A task that expects the redirect's status wants the redirect itself.
  if (wanted !== undefined && isExpected(exchange.status, wanted)) return undefined;
  const location = exchange.header('location');
  if (!statuses.includes(exchange.status) || location === undefined) return undefined;
  const base = from.origin + from.path;
  const shown = redactUrl(location, []);
  if (from.hop >= maxHops) return `more than ${maxHops} redirects, at last to ${shown}`;
  const url = URL.canParse(location, base) ? new URL(location, base) : undefined;
  const isHttp = url !== undefined && /^https?:$/.test(url.protocol);
  if (!isHttp) return `redirected to something other than an http(s) address: ${shown}`;
  const isLeaving = redirect === 'sameHost' && url.hostname !== new URL(base).hostname;
  if (isLeaving) return `redirected to another host: ${shown}`;
  const isSameHost = url.origin === from.origin;
  const { status } = exchange;
  const { method } = from;
  // After a 303, and after a 301 or 302 to a POST, the new address is requested with GET (RFC 9110,
  // 15.4).
  const becomesGet = status === 303 ? method !== 'HEAD' : status < 303 && method === 'POST';
  const isKept = (name: string): boolean =>
    (isSameHost || forOthers.test(name)) && !(becomesGet && /^content-/i.test(name));
  const { request } = exchange.sample.series;
  return {
    origin: url.origin,
    path: url.pathname + url.search,
    method: becomesGet ? 'GET' : method,
    payload: becomesGet ? undefined : from.payload,
    headers: headersWhere(from.headers, isKept),
    name: from.hop === 0 ? `${request} redirect` : request,
    hop: from.hop + 1,
  };
}
