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

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function checked(tasks: Parameters<typeof defineUser>[0]['tasks'], limitMs: number) {
  const user: unknown = defineUser({ system: 'web-shop', tasks });
  return preflight({
    user: user as UserDefinition,
    target: { url: 'http://127.0.0.1:1' },
    newClients: noClients,
    runId: 'run',
    seed: 1,
    limitMs,
  });
}

test('a task that sends without an end ends with the limit, and sends nothing behind it', async () => {
  let sent = 0;
  const endless = checked(
    {
      buy: { run: async ({ measure }) => measure('look', turn) },
      list: {
        run: async ({ measure }) => {
          for (;;) {
            await measure('next page', turn);
            sent += 1;
          }
        },
      },
    },
    100,
  );
  await expect(endless).rejects.toThrow(
    /^Preflight: task "list" did not end within 100 ms, so no load was sent\n.*: \d+ requests, the last "next page"$/,
  );
  const before = sent;
  expect(before).toBeGreaterThan(0);
  for (let i = 0; i < 20; i += 1) await turn();
  expect(sent).toBe(before);
});

test('one that waits without an end does, too, in a request or beside one', async () => {
  const never = new Promise<never>(() => undefined);
  const inRequest = checked({ buy: { run: ({ measure }) => measure('look', () => never) } }, 50);
  await expect(inRequest).rejects.toThrow('task "buy" did not end within 50 ms');
  const beside = checked({ buy: { run: () => never } }, 50);
  await expect(beside).rejects.toThrow(
    'did not end within 50 ms, so no load was sent\n  http://127.0.0.1:1: no request',
  );
});
