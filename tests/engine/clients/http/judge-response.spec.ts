/** Status, headers and body lead to exactly one outcome. */
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { judgeResponse } from '../../../../load/clients/http/judge-response.ts';
import { defined } from '../../../../load/platform/defined.ts';

const schema = z.object({ a: z.object({ b: z.number() }) });
const good = '{"a":{"b":1}}';

function judge(
  status: number,
  body: string,
  more: {
    type?: string | undefined;
    want?: number | readonly number[];
    degraded?: boolean;
    plain?: boolean;
  } = {},
): string {
  const { type = 'application/json', want, degraded = false, plain = false } = more;
  const answer = { status, header: () => type };
  const wanted = defined({ status: want, expect: plain ? undefined : schema });
  const policy = { toleratesDegraded: degraded, checksSuccess: true, epochMs: 0 };
  const { outcome, kind } = judgeResponse<unknown>(answer, Buffer.from(body), wanted, policy);
  return kind === undefined ? outcome : `${outcome} ${kind}`;
}

const rows: readonly (readonly [string, string])[] = [
  [judge(200, good), 'ok'],
  [judge(204, good), 'ok'],
  [judge(200, good, { type: 'application/json; charset=utf-8' }), 'ok'],
  [judge(200, good, { type: 'APPLICATION/PROBLEM+JSON' }), 'ok'],
  [judge(200, good, { type: 'text/html' }), 'invalid contentType'],
  [judge(200, good, { type: 'application/jsonp' }), 'invalid contentType'],
  [judge(200, ''), 'invalid emptyBody'],
  [judge(200, '{"a":{"b"'), 'invalid truncated'],
  [judge(200, '{"a":{"b":"x"}}'), 'invalid schema'],
  [judge(200, 'null'), 'invalid schema'],
  [judge(200, '{"success":false}'), 'failed application'],
  [judge(200, '{"success":false}', { plain: true }), 'failed application'],
  [judge(200, '{"error":{"message":"no model"}}'), 'failed application'],
  [judge(200, '{"error":"timeout"}'), 'failed application'],
  [judge(200, '{"error":null}'), 'invalid schema'],
  [judge(200, '{"a":{"b":1},"error":"a warning"}'), 'ok'],
  [judge(404, '{"error":"gone"}', { want: 404 }), 'invalid schema'],
  [judge(200, '{"a":{"success":false}}', { plain: true }), 'ok'],
  [judge(200, '[{"success":false}]', { plain: true }), 'ok'],
  [judge(200, '{"success":"false"}', { plain: true }), 'ok'],
  [judge(200, '<html>', { plain: true, type: 'text/html' }), 'ok'],
  [judge(199, good), 'failed status 199'],
  [judge(300, good), 'failed status 300'],
  [judge(404, good), 'failed status 404'],
  [judge(404, good, { want: 404 }), 'ok'],
  [judge(200, good, { want: 404 }), 'failed status 200'],
  [judge(201, good, { want: [200, 201] }), 'ok'],
  [judge(503, ''), 'failed status 503'],
  [judge(503, '', { degraded: true }), 'degraded degraded'],
  [judge(500, '', { degraded: true }), 'failed status 500'],
  [judge(503, good, { degraded: true, want: 503 }), 'ok'],
  [judge(429, ''), 'throttled throttled'],
  [judge(429, good, { want: 429 }), 'ok'],
];

test('the table of outcomes', () => {
  expect(rows.map(([is]) => is)).toEqual(rows.map(([, right]) => right));
});

test('a failure told without a schema is found wherever it stands, in short bodies and in long ones', () => {
  const lengths = [...Array.from({ length: 40 }, (_, i) => i), 1000, 1024, 2000];
  const told = lengths.map((length) => {
    const pad = 's'.repeat(length);
    return ['success', 'succes', 'Success', 'ssuccess'].map((name) =>
      judge(200, `{"a":"${pad}","${name}":false}`, { plain: true }),
    );
  });
  expect(told).toEqual(lengths.map(() => ['failed application', 'ok', 'ok', 'ok']));
});

test('a breach of the schema names its path, and what came', () => {
  const answer = { status: 200, header: () => 'application/json' };
  const policy = { toleratesDegraded: false, checksSuccess: true, epochMs: 0 };
  const bytes = Buffer.from('{"a":{"b":"x"}}');
  expect(judgeResponse(answer, bytes, { expect: schema }, policy).detail).toContain('a.b');
});
