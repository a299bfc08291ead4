/** Codes of Node and undici, and the suite's kinds for them. */
import { expect, test } from '@playwright/test';
import type { Exchange } from '../../../../load/clients/http/exchange.ts';
import {
  errorKindOf,
  errorTextOf,
  judgeWireEnd,
} from '../../../../load/clients/http/judge-wire-end.ts';

const codes = {
  refused: ['ECONNREFUSED'],
  dns: ['ENOTFOUND', 'EAI_AGAIN'],
  reset: ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'],
  tls: [
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'EPROTO',
  ],
  protocol: ['HPE_INVALID_CONSTANT', 'UND_ERR_HEADERS_OVERFLOW'],
  truncated: ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH'],
  generator: ['EMFILE', 'ENFILE', 'EADDRNOTAVAIL'],
  other: ['EWHATEVER', 'toString', '__proto__'],
} as const;

for (const [kind, list] of Object.entries(codes)) {
  test(`${kind}: ${list.join(' ')}`, () => {
    for (const code of list) expect(errorKindOf(withCode(code))).toBe(kind);
  });
}

test('the parser of undici names itself, but gives no code', () => {
  expect(errorKindOf(Object.assign(new Error('bad'), { name: 'HTTPParserError' }))).toBe(
    'protocol',
  );
});

test('what undici ends a connection for is no reset', () => {
  expect(errorKindOf(withCode('UND_ERR_SOCKET', 'bad response'))).toBe('generator');
  expect(errorKindOf(withCode('UND_ERR_SOCKET', 'bad upgrade'))).toBe('protocol');
  expect(errorKindOf(withCode('LOADWRIGHT_BLOCKED_HOST'))).toBe('generator');
});

test('of several addresses, one that answers decides: a family that this machine lacks does not', () => {
  const errors = [withCode('EADDRNOTAVAIL'), withCode('ECONNREFUSED')];
  const gathered = Object.assign(new AggregateError(errors), { code: 'EADDRNOTAVAIL' });
  expect(errorKindOf(gathered)).toBe('refused');
  const all = Object.assign(new AggregateError([errors[0]]), { code: 'EADDRNOTAVAIL' });
  expect(errorKindOf(all)).toBe('generator');
});

test('a cause is looked at, and what is no error is other', () => {
  expect(errorKindOf(new Error('x', { cause: withCode('ECONNREFUSED') }))).toBe('refused');
  for (const value of [undefined, null, 'text', 5]) expect(errorKindOf(value)).toBe('other');
});

test('the text names the code once, and what a gathered error is made of', () => {
  expect(errorTextOf(withCode('ECONNRESET', 'read ECONNRESET'))).toBe('read ECONNRESET');
  expect(errorTextOf(withCode('UND_ERR_SOCKET', 'other side closed'))).toBe(
    'UND_ERR_SOCKET: other side closed',
  );
  const both = [withCode('ECONNREFUSED', 'a:1'), withCode('ECONNREFUSED', 'b:1')];
  const text = errorTextOf(Object.assign(new AggregateError(both), { code: 'ECONNREFUSED' }));
  expect(text).toContain('a:1');
  expect(text).toContain('b:1');
  expect(errorTextOf(undefined)).toBe('undefined');
});

for (const [waitedMs, connectMs, isReused, kind] of [
  [0, 0, true, 'closedIdle'],
  [25, 0, true, 'closedIdle'],
  [26, 0, true, 'reset'],
  // Two round trips more are allowed where a round trip takes long.
  [225, 100, true, 'closedIdle'],
  [226, 100, true, 'reset'],
  [0, 0, false, 'reset'],
] as const) {
  const connection = `a ${isReused ? 'kept' : 'fresh'} connection that took ${connectMs} ms to open`;
  test(`a reset after ${waitedMs} ms on ${connection} is ${kind}`, () => {
    const judged: unknown[] = [];
    const judge = (...words: readonly unknown[]): number => judged.push(...words.slice(0, 2));
    const sample = { startedAtMs: 7, endedAtMs: 7 + waitedMs, judge };
    const exchange = { sample, hasHeaders: false, status: 0, connection: { connectMs } };
    const end = { kind: 'error', error: withCode('ECONNRESET') } as const;
    judgeWireEnd(exchange as unknown as Exchange, end, isReused);
    expect(judged).toEqual(['failed', kind]);
  });
}

function withCode(code: string, message = 'message'): Error {
  return Object.assign(new Error(message), { code });
}
