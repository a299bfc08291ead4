/** The user of the resource agent: a dashboard that polls its endpoints. */
import { z } from 'zod';
import { jsonMetrics } from '../monitor/json-metrics.ts';
import { healthPath } from '../settings/system-variables.ts';
import { between } from '../workload/think-time.ts';
import { defineUser, type TaskContext } from '../user/define-user.ts';
import { healthTasks } from './health-tasks.ts';

const healthReply = z.object({ status: z.string().regex(/^(?!un|err|fail|down)./i) });
/** The agent chooses the names of its figures. An error or an empty report is not accepted. */
const report = z
  .record(z.string(), z.unknown())
  .refine((body) => Object.keys(body).length > 0, 'there is nothing in it')
  .refine(({ error }) => !error, 'it reports an error');

const health = healthPath('resource-agent', '/health/');

export const resourceAgentUser = defineUser({
  system: 'resource-agent',
  health,
  thinkTime: between('0.3s', '0.9s'),
  // Figures that the agent may report of its machine and itself. Its own process, if known, gives more.
  monitor: jsonMetrics('/system/metrics', {
    targetCpuPeak: { percent: 'cpu.percent' },
    targetMemory: 'process.resident_bytes',
    targetDescriptors: 'process.descriptors',
  }),
  tasks: {
    ...healthTasks(health, (path) => ({
      health: { weight: 10, deadline: '10s', run: get(path, healthReply) },
    })),
    'system metrics': { weight: 5, deadline: '10s', run: get('/system/metrics', report) },
    analysis: { weight: 3, deadline: '10s', run: get('/analysis/', report) },
    'lmcache status': { weight: 3, deadline: '10s', run: get('/lmcache/status', report) },
  },
});

function get(path: string, expect: z.ZodType) {
  return async ({ http }: Pick<TaskContext<unknown, never, never>, 'http'>): Promise<void> => {
    await http.get(path, { expect });
  };
}
