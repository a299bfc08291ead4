/**
 * Users of the query gateway: they send common texts, which a cache should know, and unique texts. The
 * mix differs by test, so this is a function.
 */
import { z } from 'zod';
import { judgePage } from '../../clients/http/judge-response.ts';
import { mean, perSecond, prometheus, share } from '../../monitor/prometheus.ts';
import { oneOf } from '../../platform/lists.ts';
import { healthPath } from '../../settings/system-variables.ts';
import type { ThinkTime } from '../../workload/think-time.ts';
import { defineUser, type TaskContext, type TaskSource } from '../../user/define-user.ts';
import { healthTasks } from '../health-tasks.ts';
import { fingerprintOf } from '../phrases.ts';
import { queryMetrics } from './metrics.ts';
import { commonTexts, uniqueQuestions, uniqueText } from './query-texts.ts';

const deadline = '5s';
const answer = z.object({ label: z.enum(['0', '1']), confidence: z.number().min(0).max(1) });

const requests = 'query_gateway_requests_total';

/** The gateway's own metrics. Some gateways name their histograms one way, some the other. */
const gatewayMetrics = prometheus('/metrics', {
  cacheHitRate: [
    share(
      { name: requests, labels: { cache_hit: /^(true|hit|1)$/i } },
      { name: requests, labels: { cache_hit: /./ } },
    ),
    share({ name: 'query_gateway_cache_hits_total' }, { name: requests }),
  ],
  averageBatchSize: [
    mean({ name: 'query_gateway_inference_batch_size' }),
    mean({ name: 'query_gateway_batch_size' }),
  ],
  // The gateway's own counter does not include its machine.
  targetCores: perSecond({ name: 'process_cpu_seconds_total' }),
});

export interface QueryMix {
  /** Weights of the tasks. Default 0, which leaves the task out. */
  readonly common?: number;
  readonly unique?: number;
  readonly health?: number;
  readonly think: ThinkTime;
}

type QueryMetric = keyof typeof queryMetrics;

/**
 * A user with that mix. Each definition remembers, for all of its virtual users, which common texts were
 * sent and answered: use one definition for all loads of a test on the same target.
 */
export function queryGatewayUser({ common = 0, unique = 0, health = 0, think }: QueryMix) {
  const memory = new TextMemory();
  const classify = async (text: string, context: QueryContext): Promise<void> => {
    const { http, label, record } = context;
    const isRepeat = memory.send(text);
    label('answered', memory.wasAnswered(text) ? 'before' : 'never');
    const reply = await http.post('/v1/query-classify', { json: { text }, expect: answer });
    memory.answer(text);
    record('achievableHitRate', isRepeat ? 1 : 0);
    const routerLatencyMs = Number(reply.header('x-router-latency') ?? NaN);
    if (routerLatencyMs >= 0) record('routerLatency', routerLatencyMs);
  };
  return defineUser<undefined, never, QueryTask, QueryMetric>({
    system: 'query-gateway',
    health: healthPath('query-gateway', '/health/ready'),
    thinkTime: think,
    monitor: gatewayMetrics,
    parameters: { texts: fingerprintOf(commonTexts, uniqueQuestions) },
    metrics: queryMetrics,
    tasks: weighted({
      common: {
        weight: common,
        deadline,
        run: (context) => classify(oneOf(commonTexts, context.random), context),
      },
      unique: {
        weight: unique,
        deadline,
        run: (context) => classify(uniqueText(context.user.uniqueId, context.random), context),
      },
      ...healthTasks(healthPath('query-gateway', '/health/live'), (path) => ({
        health: {
          weight: health,
          deadline,
          async run({ http }: QueryContext) {
            await http.get(path, { judge: judgePage });
          },
        },
      })),
    }),
  });
}

type QueryTask = 'common' | 'unique' | 'health';
type QueryTasks = Record<QueryTask, TaskSource<undefined, never, QueryMetric>>;

/** A task that never runs is left out of the tables and of preflight. */
function weighted(tasks: QueryTasks): QueryTasks {
  const used = Object.entries(tasks).filter(([, { weight }]) => weight !== 0);
  return Object.fromEntries(used) as QueryTasks;
}

type QueryContext = TaskContext<undefined, never, QueryMetric>;

/**
 * Which common texts this process has sent, and which were answered, so that a cache could have them.
 * Unique texts are not kept.
 */
class TextMemory {
  private readonly sent = new Set<string>();
  private readonly answered = new Set<string>();
  private readonly common = new Set(commonTexts);

  /** Whether it was sent before. */
  send(text: string): boolean {
    const isRepeat = this.sent.has(text);
    if (this.common.has(text)) this.sent.add(text);
    return isRepeat;
  }

  answer(text: string): void {
    if (this.common.has(text)) this.answered.add(text);
  }

  wasAnswered(text: string): boolean {
    return this.answered.has(text);
  }
}
