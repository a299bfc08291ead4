import { expect, test } from '@playwright/test';
import { isAnswerTo, readAnswer, replyTo } from '../../../../load/clients/mcp/message.ts';
import { fault } from '../../../faults/fault-matrix.ts';

const json = 'application/json';
const read = (value: unknown, type = json) =>
  readAnswer(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), type, 7);
const rpc = (fields: object) => ({ jsonrpc: '2.0', id: 7, ...fields });

for (const [what, value, is] of [
  ['the number', rpc({}), true],
  ['the number as text', rpc({ id: '7' }), true],
  ['without a version', { id: 7, result: {} }, true],
  ['another number', rpc({ id: 8 }), false],
  ['another text', rpc({ id: '7.0' }), false],
  ['nothing', rpc({ id: null }), false],
  ['a list', rpc({ id: [7] }), false],
  ['a request of the server’s own', rpc({ method: 'ping' }), false],
  ['a line of its log', { id: 7, level: 'info', msg: 'called' }, false],
  ['no object', 7, false],
] as const) {
  test(`an answer to request 7 by its id: ${what}`, { annotation: fault(51) }, () => {
    expect(isAnswerTo(value, 7)).toBe(is);
  });
}

for (const [what, message, reply] of [
  ['a ping', { id: 3, method: 'ping' }, { id: 3, result: {} }],
  ['a ping under a text', { id: 'a', method: 'ping' }, { id: 'a', result: {} }],
  ['a wish', { id: 3, method: 'roots/list' }, { id: 3, error: { code: -32601 } }],
  ['a notification', { method: 'notifications/progress' }, undefined],
  ['a wish without an id that could be answered', { id: null, method: 'ping' }, undefined],
  ['an answer', { id: 3, result: {} }, undefined],
  ['no object', 'ping', undefined],
] as const) {
  test(`${what} is answered ${reply === undefined ? 'by nothing' : 'at once'}`, () => {
    const said = replyTo(message);
    if (reply === undefined) expect(said).toBeUndefined();
    else expect(said).toMatchObject({ jsonrpc: '2.0', ...reply });
  });
}

for (const [what, error, expected] of [
  ['as it should be', { code: -32000, message: 'no' }, { code: -32000, text: 'no' }],
  ['with a text as code', { code: 'E_NO', message: 'no' }, { code: 0, text: 'no' }],
  ['without words', { code: -1 }, { code: -1, text: '{"code":-1}' }],
  ['as a mere text', 'overloaded', { code: 0, text: '"overloaded"' }],
] as const) {
  test(`an error ${what} is one of JSON-RPC`, () => {
    expect(read(rpc({ error }))).toEqual({ kind: 'rpcError', ...expected });
  });
}

test('an error is one beside a result of null, which alone is none', () => {
  const error = { code: -32000, message: 'no' };
  expect(read(rpc({ result: null, error }))).toEqual({
    kind: 'rpcError',
    code: -32000,
    text: 'no',
  });
  expect(read(rpc({ result: null }))).toMatchObject({ verdict: { kind: 'schema' } });
});

test('no error is none, beside a result', () => {
  expect(read(rpc({ error: null, result: {} }))).toEqual({ kind: 'result', result: {} });
});

test('an error of nobody’s, in answer to a request, is that request’s', () => {
  const error = { code: -32700, message: 'parse error' };
  for (const id of [null, undefined]) {
    const told = read({ jsonrpc: '2.0', id, error });
    expect(told).toEqual({ kind: 'rpcError', code: -32700, text: 'parse error' });
  }
  // If the answer is there, it counts.
  const both = [{ jsonrpc: '2.0', id: null, error }, rpc({ result: { a: 1 } })];
  expect(read(both)).toEqual({ kind: 'result', result: { a: 1 } });
});
