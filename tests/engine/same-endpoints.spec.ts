import { expect, test } from '@playwright/test';
import {
  notingClients,
  refuseOtherAnswers,
  type AnswerShape,
  type AnswerShapes,
} from '../../fixtures/same-endpoints.ts';
import type { NewClients } from '../../load/clients/client.ts';
import type { RequestOptions } from '../../load/clients/http/http.ts';
import type { RequestScope } from '../../load/clients/scope.ts';

const json: AnswerShape = { status: 200, type: 'application/json', members: ['text'] };

function told(head: Partial<AnswerShape>, mayDiffer: readonly string[] = []): string | undefined {
  const sides = [new Map([['ask', json]]), new Map([['ask', { ...json, ...head }]])] as const;
  try {
    refuseOtherAnswers(sides, mayDiffer);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

for (const [what, head, text] of [
  [
    'another member',
    { members: ['user'] },
    'the JSON members text by base and the JSON members user by head',
  ],
  ['no object', { members: undefined }, 'the JSON members text by base and no JSON object by head'],
  ['a page', { type: 'text/html' }, 'application/json by base and text/html by head'],
  ['another status', { status: 202 }, 'status 200 by base and status 202 by head'],
] as const) {
  test(`answers are not of one endpoint if one has ${what}`, () => {
    expect(told(head)).toBe(
      `"ask" is answered with ${text}, although both were sent the same: is it the same endpoint on both sides? ` +
        "If it is, set answersMayDiffer: ['ask'] for comparePair",
    );
    expect(told(head, ['ask'])).toBeUndefined();
  });
}

test('a head that adds members, or drops some, has the same endpoint', () => {
  expect(told({})).toBeUndefined();
  expect(told({ members: ['text', 'usage'] })).toBeUndefined();
  expect(told({ members: [] })).toBeUndefined();
});

/**
 * Clients whose answers have this body, and that count each request under its path. The first answers have
 * the stated statuses, all others 200.
 */
function answering(body: string, ...statuses: number[]): NewClients {
  return () => ({
    newClient: (scope) => {
      const request = async <T>(_: string, path: string, options: RequestOptions<T> = {}) => {
        scope.schedule(path);
        await Promise.resolve();
        const type = 'Application/JSON; charset=utf-8';
        const header = (name: string) => (name === 'content-type' ? type : undefined);
        const status = statuses.shift() ?? 200;
        options.judge?.({ status, bytes: Buffer.from(body), header } as never);
        return {} as never;
      };
      return { http: { request } as never, close: () => undefined };
    },
    close: () => undefined,
  });
}

test('the first answer to each request is noted under the name by which it is counted', async () => {
  const shapes: AnswerShapes = new Map();
  const clients = notingClients(answering('{"text":"hello"}'), shapes)({} as never);
  const scope = {
    schedule: (path: string) => ({ series: { request: `GET ${path}` } }),
  } as unknown as RequestScope;
  const { http } = clients.newClient(scope, { number: 0, uniqueId: 'a' });
  await Promise.all([http.get('/a'), http.post('/b'), http.request('PUT', '/a')]);
  expect([...shapes]).toEqual([
    ['GET /a', json],
    ['GET /b', json],
  ]);
});

test('an answer with a 5xx, after which the check is repeated, is not that of the endpoint', async () => {
  const shapes: AnswerShapes = new Map();
  const clients = notingClients(answering('{"text":"hello"}', 503, 500), shapes)({} as never);
  const scope = { schedule: () => ({ series: { request: 'ask' } }) } as unknown as RequestScope;
  const { http } = clients.newClient(scope, { number: 0, uniqueId: 'a' });
  for (let tries = 0; tries < 3; tries++) await http.get('/ask');
  expect(shapes.get('ask')).toEqual(json);
});
