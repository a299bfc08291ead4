import { expect, test } from '@playwright/test';
import type { Http } from '../../../load/clients/http/http.ts';
import { RequestNotOk } from '../../../load/clients/scope.ts';
import type { Sample } from '../../../load/metrics/record/sample.ts';
import type { NewClients } from '../../../load/clients/client.ts';
import { unmeasuredClient } from '../../../load/run/unmeasured-client.ts';
import { defineUser, type UserDefinition } from '../../../load/user/define-user.ts';
import { VirtualClock } from '../virtual-clock.ts';

const key = 'planted4Secret9Xw2';
const user = defineUser({ system: 'web-shop', tasks: { buy: { run: () => Promise.resolve() } } });

/** Clients whose every answer ends like this. `asked` receives the samples, `closed` what was closed. */
function clientsThat(end: (sample: Sample) => void, asked: Sample[], closed: string[]): NewClients {
  return ({ recorder }) => ({
    newClient: (scope) => {
      const get = (): Promise<unknown> => {
        const sample = scope.schedule(undefined);
        recorder.start(sample);
        recorder.finish(sample);
        end(sample);
        asked.push(sample);
        scope.settle(sample);
        if (sample.outcome === 'ok') return Promise.resolve({ status: 200 });
        return Promise.reject(new RequestNotOk(sample, 503));
      };
      return { http: { get } as unknown as Http, close: () => void closed.push('client') };
    },
    close: () => void closed.push('clients'),
  });
}

function clientThat(end: (sample: Sample) => void) {
  const [asked, closed]: [Sample[], string[]] = [[], []];
  const client = unmeasuredClient(
    {
      user: user as unknown as UserDefinition,
      target: { url: 'http://127.0.0.1:1', key },
      newClients: clientsThat(end, asked, closed),
    },
    new VirtualClock(),
    { name: 'monitor', number: -3, deadlineMs: 2000 },
  );
  return { client, asked, closed };
}

test('a good answer is handed on, under the name of who asks', async () => {
  const { client, asked } = clientThat((sample) => {
    sample.judge('ok');
  });
  expect(await client.get('/health')).toEqual({ status: 200 });
  expect(asked.map(({ series }) => series.request)).toEqual(['monitor']);
});

test('any other is told in words, without the key', async () => {
  const { client } = clientThat((sample) => {
    sample.judge('failed', 'status 503', `busy, ${key}`);
  });
  await expect(client.get('/health')).rejects.toThrow(/^status 503 busy, \*\*\*$/);
});

test('closing lets its own connection go, and then what is shared', async () => {
  const { client, closed } = clientThat(() => undefined);
  await client.close();
  expect(closed).toEqual(['client', 'clients']);
});
