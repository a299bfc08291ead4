/** The RAG service as in scenarios.md: a collection is indexed, then queried. */
import { z } from 'zod';
import { exactly, Refusal, strictService, type SecondService } from './strict-service.ts';

const indexRequest = z.strictObject({
  collection: z.string().min(1),
  documents: z.array(z.string().min(1)).min(1),
});

const queryRequest = z.strictObject({
  query: z.string().min(1),
  collection: z.string().min(1),
  top_k: z.literal(5),
});

export function secondRagService(): Promise<SecondService> {
  const collections = new Map<string, string[]>();
  return strictService({
    'GET /health': () => [200, { status: 'ok' }],
    'POST /index': ({ body }) => {
      const { collection, documents } = exactly(indexRequest, body);
      collections.set(collection, [...(collections.get(collection) ?? []), ...documents]);
      return [200, { collection, chunks: documents.length }];
    },
    'POST /query': ({ body }) => {
      const { query, collection, top_k: topK } = exactly(queryRequest, body);
      const texts = collections.get(collection);
      if (texts === undefined) throw new Refusal(404, `there is no collection ${collection}`);
      const context = nearest(query, texts, topK);
      const tokens = {
        prompt_tokens: query.length,
        completion_tokens: 5,
        total_tokens: query.length + 5,
      };
      return [200, { answer: `According to ${context.length} texts.`, context, usage: tokens }];
    },
  });
}

/** The texts that share the most words with the query come first. */
function nearest(query: string, texts: readonly string[], count: number): string[] {
  const asked = query.toLowerCase().split(/\W+/);
  const shared = (text: string): number =>
    asked.filter((word) => text.toLowerCase().includes(word)).length;
  return texts.toSorted((one, other) => shared(other) - shared(one)).slice(0, count);
}
