/**
 * `inferenceServer('/metrics')`: a model server's Prometheus metrics on its queue and memory, with the
 * current and earlier names of vLLM. Also the connection pool of a gateway in front of it.
 */
import { gauge, mean, perSecond, prometheus, quantile, type Figures } from './prometheus.ts';
import type { MonitorSource } from './source.ts';

/** A share with a value per engine: the mean. */
const shareOf = (name: string) => gauge({ name }, 'mean');
/** In ms; the server reports seconds. */
const p95Of = (name: string) => quantile(0.95, { name }, 1000);

export const inferenceFigures: Figures = {
  kvCacheUse: [shareOf('vllm:kv_cache_usage_perc'), shareOf('vllm:gpu_cache_usage_perc')],
  requestsWaiting: gauge({ name: 'vllm:num_requests_waiting' }),
  requestsRunning: gauge({ name: 'vllm:num_requests_running' }),
  preemptions: [
    perSecond({ name: 'vllm:num_preemptions_total' }),
    perSecond({ name: 'vllm:num_preemptions' }),
  ],
  queueSeconds: mean({ name: 'vllm:request_queue_time_seconds' }),
  queueP95: p95Of('vllm:request_queue_time_seconds'),
  serverTtftP95: p95Of('vllm:time_to_first_token_seconds'),
  poolSize: gauge({ name: 'upstream_pool_size' }),
  poolActive: gauge({ name: 'upstream_pool_active' }),
  poolAvailable: gauge({ name: 'upstream_pool_available' }),
  poolWaiting: gauge({ name: 'upstream_pool_waiting' }),
};

export function inferenceServer(path: string): MonitorSource {
  return prometheus(path, inferenceFigures, { isOptional: true });
}
