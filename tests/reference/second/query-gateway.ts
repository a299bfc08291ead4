/**
 * The query gateway. scenarios.md names its tasks and metrics; the format of its requests is only in
 * docs/contracts.md: a text in, a label and a confidence out, and counters as Prometheus text.
 */
import { z } from 'zod';
import { exactly, strictService, type SecondService } from './strict-service.ts';

const classifyRequest = z.strictObject({ text: z.string().min(1) });

export function secondQueryGateway(): Promise<SecondService> {
  const known = new Map<string, { label: string; confidence: number }>();
  const counts = { true: 0, false: 0 };
  return strictService({
    'GET /health/ready': () => [200, { status: 'ok' }],
    'GET /health/live': () => [200, { status: 'ok' }],
    'POST /v1/query-classify': ({ body, response }) => {
      const startedAt = performance.now();
      const { text } = exactly(classifyRequest, body);
      const hit = known.get(text);
      counts[`${hit !== undefined}`] += 1;
      const answer = hit ?? { label: text.length % 2 === 0 ? '0' : '1', confidence: 0.75 };
      known.set(text, answer);
      response.setHeader('x-router-latency', (performance.now() - startedAt).toFixed(3));
      return [200, answer];
    },
    'GET /metrics': ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' });
      const lines = Object.entries(counts).map(
        ([hit, count]) => `query_gateway_requests_total{cache_hit="${hit}"} ${count}\n`,
      );
      // One query at a time is processed: each miss is a batch of one.
      const batches = [
        '# TYPE query_gateway_inference_batch_size histogram\n',
        `query_gateway_inference_batch_size_bucket{le="+Inf"} ${counts.false}\n`,
        `query_gateway_inference_batch_size_sum ${counts.false}\n`,
        `query_gateway_inference_batch_size_count ${counts.false}\n`,
      ];
      response.end(
        ['# TYPE query_gateway_requests_total counter\n', ...lines, ...batches].join(''),
      );
      return undefined;
    },
  });
}
