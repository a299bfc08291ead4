/** Tasks that request health without a schema accept any text except a web page. */
import { expect, test } from '@playwright/test';
import { httpClients } from '../../load/clients/http/http-clients.ts';
import { preflight } from '../../load/run/preflight.ts';
import { apiGatewayUser } from '../../load/systems/api-gateway/api-gateway.ts';
import { queryGatewayUser } from '../../load/systems/query-gateway/query-gateway.ts';
import { constant } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { httpServer } from './client-harness.ts';

const systems = [
  { user: apiGatewayUser, task: 'health check' },
  { user: queryGatewayUser({ health: 1, think: constant('1s') }), task: 'health' },
] as const;

async function checked(one: (typeof systems)[number], type: string, text: string): Promise<void> {
  const user = one.user as unknown as UserDefinition;
  const server = await httpServer((_, response) => {
    response.writeHead(200, { 'content-type': type }).end(text);
  });
  try {
    await preflight({
      user: {
        ...user,
        onStart: () => ({ model: 'any' }),
        tasks: { [one.task]: user.tasks[one.task]! },
      },
      target: { url: server.url },
      newClients: httpClients({ allowedHosts: [] }),
      runId: 'run',
      seed: 1,
    });
  } finally {
    await server.close();
  }
}

for (const one of systems) {
  test(`"${one.task}" answered by a page is none`, async () => {
    const page = '\n<!DOCTYPE html><html><h1>Please log in</h1></html>';
    const complaint = `task "${one.task}" ended invalid (contentType)`;
    await expect(checked(one, 'text/html', page)).rejects.toThrow(complaint);
  });

  for (const [type, text] of [
    ['application/json', '{"status":"ok"}'],
    ['text/html; charset=utf-8', 'OK'],
    ['text/plain', ''],
  ] as const) {
    test(`"${one.task}" answered by ${JSON.stringify(text)} is ok`, async () => {
      await expect(checked(one, type, text)).resolves.toBeUndefined();
    });
  }
}
