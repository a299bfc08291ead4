/** The outcome of a user whose first request is refused: the same as in a task, in both models. */
import { expect, test } from '@playwright/test';
import { ragServiceUser } from '../../load/systems/rag-service/rag-service.ts';
import { constant } from '../../load/workload/think-time.ts';
import { defineUser, type UserDefinition } from '../../load/user/define-user.ts';
import { arrivals } from '../../load/workload/arrivals.ts';
import { stages } from '../../load/workload/stages.ts';
import { allOutcomes, runForReal } from '../instrument/real-load.ts';
import { httpServer, json } from './client-harness.ts';

/** One of its tasks does not tolerate degraded answers. */
const strictUser = defineUser<unknown, unknown, string, string>({
  system: 'rag-service',
  onStart: async ({ http }) => {
    await http.post('/index');
  },
  tasks: {
    lenient: { toleratesDegraded: true, run: () => undefined },
    strict: { run: () => undefined },
  },
});

const models = {
  closed: stages([{ users: 3, duration: '300ms' }], { from: 3, thinkTime: constant('20ms') }),
  open: arrivals({ rate: 20, duration: '300ms' }),
};

for (const [status, user, outcome] of [
  [503, ragServiceUser, 'degraded'],
  [429, ragServiceUser, 'throttled'],
  [500, ragServiceUser, 'failed'],
  [503, strictUser, 'failed'],
  [429, strictUser, 'throttled'],
] as const) {
  for (const [model, workload] of Object.entries(models)) {
    const whose = user === strictUser ? 'one task that wants all' : 'tolerant tasks';
    test(`${status} in onStart, ${whose}, ${model} model: ${outcome}, and nothing else`, async () => {
      const server = await httpServer((_, response) => {
        json(response, { detail: 'not now' }, status);
      });
      const { result } = await runForReal({
        url: server.url,
        workload,
        shortened: true,
        // The monitor would add requests of its own.
        user: { ...(user as unknown as UserDefinition), monitor: [] },
      }).finally(() => server.close());
      const { [outcome]: count = 0, ...others } = allOutcomes(result);
      expect(others).toEqual({});
      expect(count).toBeGreaterThanOrEqual(3);
      expect(server.seen.every(({ request }) => request.url === '/index')).toBe(true);
    });
  }
}
