/** The W3C Trace Context header: a fresh trace for each request, sampled. */
import { randomBytes } from 'node:crypto';

export function traceparent(): string {
  const ids = randomBytes(24).toString('hex');
  return `00-${ids.slice(0, 32)}-${ids.slice(32)}-01`;
}
