/** The user of the health agent: chats, logs food, requests reminders and points. */
import { z } from 'zod';
import { jsonMetrics, share } from '../monitor/json-metrics.ts';
import { defined } from '../platform/defined.ts';
import { oneOf } from '../platform/lists.ts';
import { defineUser } from '../user/define-user.ts';
import { between } from '../workload/think-time.ts';
import { foodPortions, healthQuestions } from './health-agent-texts.ts';
import { fingerprintOf } from './phrases.ts';

const chatReply = z.object({
  response: z.string().min(1),
  timestamp: z.string(),
  user_id: z.string(),
});
/** The contract only says that these requests are answered: any JSON without an error is accepted. */
const anyReply = z.union([
  z.looseObject({}).refine(({ error }) => !error, 'it reports an error'),
  z.array(z.unknown()),
]);

export const healthAgentUser = defineUser({
  system: 'health-agent',
  health: '/health',
  thinkTime: between('5s', '15s'),
  session: { requests: 50 },
  monitor: jsonMetrics('/api/v1/metrics', {
    cacheHitRate: share('cache.hit_rate_percent', 'cache.total_reads'),
    poolSize: 'database.pool_size',
    poolActive: 'database.pool_active',
    poolAvailable: 'database.pool_available',
    poolWaiting: { optional: 'database.pool_waiting' },
  }),
  slow: '3s',
  parameters: { texts: fingerprintOf(healthQuestions, foodPortions) },
  http: { headers: ({ target }) => defined({ 'x-api-key': target.key }) },
  onStart: ({ user }) => ({ userId: `loadtest_user_${user.uniqueId}` }),
  tasks: {
    chat: {
      weight: 5,
      deadline: '15s',
      async run({ http, state, random }) {
        const json = { user_id: state.userId, message: oneOf(healthQuestions, random) };
        await http.post('/api/v1/chat', { json, expect: chatReply });
      },
    },
    'log food': {
      weight: 2,
      deadline: '15s',
      async run({ http, state, random }) {
        const json = { user_id: state.userId, ...oneOf(foodPortions, random) };
        await http.post('/api/v1/food', { json, status: [200, 201], expect: anyReply });
      },
    },
    reminders: {
      weight: 2,
      deadline: '15s',
      async run({ http, state }) {
        const query = { user_id: state.userId };
        await http.get('/api/v1/reminders', { query, expect: anyReply });
      },
    },
    xp: {
      weight: 1,
      deadline: '15s',
      async run({ http, state }) {
        const query = { user_id: state.userId };
        await http.get('/api/v1/gamification/xp', { query, expect: anyReply });
      },
    },
  },
});
