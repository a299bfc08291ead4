import { expect, test } from '@playwright/test';
import { preflight } from '../../../load/run/preflight.ts';
import { defineUser, type UserDefinition } from '../../../load/user/define-user.ts';
import { noClients } from '../virtual-load.ts';

const key = 'planted4Secret9Xw2';

test('what a task says of the key is told without it', async () => {
  const user: unknown = defineUser({
    system: 'web-shop',
    tasks: {
      buy: {
        run: async ({ measure, fail }) => {
          await measure('order', () => Promise.resolve());
          fail(`refused for ${key}`);
        },
      },
    },
  });
  const checked = preflight({
    user: user as UserDefinition,
    target: { url: 'http://127.0.0.1:1', key },
    newClients: noClients,
    runId: 'run',
    seed: 1,
  });
  await expect(checked).rejects.toThrow('task "buy" ended failed (task)');
  await expect(checked).rejects.toThrow('refused for ***');
});
