/** Which answers count as reports of a resource agent: only good ones pass preflight. */
import { expect, test } from '@playwright/test';
import { httpClients } from '../../load/clients/http/http-clients.ts';
import { preflight } from '../../load/run/preflight.ts';
import { resourceAgentUser } from '../../load/systems/resource-agent.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { httpServer, json } from './client-harness.ts';

const good: Readonly<Record<string, unknown>> = {
  '/health/': { status: 'healthy' },
  '/system/metrics': { cpu_percent: 7 },
  '/analysis/': { summary: 'nothing to do', error: null },
  '/lmcache/status': { enabled: true },
};

async function checked(answers: Readonly<Record<string, unknown>>): Promise<void> {
  const server = await httpServer(({ request }, response) => {
    json(response, answers[request.url ?? '']);
  });
  try {
    await preflight({
      user: resourceAgentUser as unknown as UserDefinition,
      target: { url: server.url },
      newClients: httpClients({ allowedHosts: [] }),
      runId: 'run',
      seed: 1,
    });
  } finally {
    await server.close();
  }
}

test('whatever an agent calls its figures, a report is good', async () => {
  await expect(checked(good)).resolves.toBeUndefined();
});

for (const [path, answer, task] of [
  ['/health/', { status: 'unhealthy' }, 'health'],
  ['/health/', { status: 'ERROR' }, 'health'],
  ['/health/', {}, 'health'],
  ['/system/metrics', {}, 'system metrics'],
  ['/system/metrics', [1, 2], 'system metrics'],
  ['/analysis/', { error: 'no model' }, 'analysis'],
  ['/analysis/', { success: false }, 'analysis'],
  ['/lmcache/status', null, 'lmcache status'],
] as const) {
  test(`${path} that answers ${JSON.stringify(answer)} is none`, async () => {
    await expect(checked({ ...good, [path]: answer })).rejects.toThrow(`task "${task}"`);
  });
}
