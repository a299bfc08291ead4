/**
 * Plain requests to the reference health agent with fetch, without code of load/, so that the two can
 * disagree.
 */
import { z } from 'zod';

export const key = { 'x-api-key': 'test_key_123' };

export function post(url: string, path: string, body: unknown): Promise<Response> {
  const headers = { ...key, 'content-type': 'application/json' };
  return fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

export function get(url: string, path: string): Promise<Response> {
  return fetch(url + path, { headers: key });
}

export function chat(url: string, userId = 'ada'): Promise<Response> {
  return post(url, '/api/v1/chat', { user_id: userId, message: 'How much water?' });
}

export function logFood(url: string, userId = 'ada', foodName = 'apple'): Promise<Response> {
  return post(url, '/api/v1/food', { user_id: userId, food_name: foodName, quantity: '170g' });
}

export function reminders(url: string, userId = 'ada'): Promise<Response> {
  return get(url, `/api/v1/reminders?user_id=${userId}`);
}

export function xp(url: string, userId = 'ada'): Promise<Response> {
  return get(url, `/api/v1/gamification/xp?user_id=${userId}`);
}

const metricsBody = z.object({
  database: z.object({
    pool_size: z.number(),
    pool_available: z.number(),
    pool_active: z.number(),
    pool_waiting: z.number(),
  }),
  cache: z.object({
    hit_rate_percent: z.number().nullable(),
    total_reads: z.number(),
    hits: z.number(),
    misses: z.number(),
  }),
  requests: z.object({
    total: z.number(),
    by_endpoint: z.record(z.string(), z.record(z.string(), z.number())),
  }),
});

export async function metrics(url: string): Promise<z.infer<typeof metricsBody>> {
  const response = await fetch(`${url}/api/v1/metrics`);
  return metricsBody.parse(await response.json());
}

/** The times that the service drew (compute, db) and measured (pool) for one request, in ms. */
export interface ServerTiming {
  readonly computeMs: number;
  readonly poolMs: number;
  readonly dbMs: number;
}

export function serverTiming(response: Response): ServerTiming {
  const header = response.headers.get('server-timing') ?? '';
  const [computeMs, poolMs, dbMs] = [...header.matchAll(/dur=([\d.]+)/g)].map(([, text]) =>
    Number(text),
  );
  if (computeMs === undefined || poolMs === undefined || dbMs === undefined) {
    throw new Error(`no Server-Timing in "${header}"`);
  }
  return { computeMs, poolMs, dbMs };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
