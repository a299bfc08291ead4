/**
 * Plain requests to the reference RAG service with fetch, without code of load/, so that the two can
 * disagree.
 */
import { z } from 'zod';

export function post(url: string, path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
}

export function index(url: string, collection: string, documents: unknown): Promise<Response> {
  return post(url, '/index', { collection, documents });
}

export function query(url: string, collection: string, text: string, topK = 5): Promise<Response> {
  return post(url, '/query', { query: text, collection, top_k: topK });
}

const queryBody = z.strictObject({
  answer: z.string(),
  context: z.array(z.strictObject({ text: z.string(), score: z.number() })),
  usage: z.strictObject({
    prompt_tokens: z.number(),
    completion_tokens: z.number(),
    total_tokens: z.number(),
  }),
});

export async function found(response: Response): Promise<z.infer<typeof queryBody>> {
  return queryBody.parse(await response.json());
}

const metricsBody = z.object({
  vector_store: z.record(z.string(), z.number()),
  requests: z.object({
    total: z.number(),
    by_endpoint: z.record(z.string(), z.record(z.string(), z.number())),
  }),
});

export async function metrics(url: string): Promise<z.infer<typeof metricsBody>> {
  return metricsBody.parse(await (await fetch(`${url}/api/v1/metrics`)).json());
}
