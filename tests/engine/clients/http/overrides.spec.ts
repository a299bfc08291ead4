import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import {
  baseHeaders,
  describeOverrides,
  jsonTypeBy,
  overridden,
  targetSecrets,
} from '../../../../load/clients/http/overrides.ts';

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const agent = ['user-agent', `loadwright/${version}`];

// The examples of RFC 7396, appendix A, as far as they change an object by an object.
for (const [target, body, result] of [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
] as const) {
  test(`${JSON.stringify(target)} with ${JSON.stringify(body)} is ${JSON.stringify(result)}`, () => {
    expect(overridden(target, [{ body }])).toEqual(result);
  });
}

test('changes are made in turn, and none is made of what is no object', () => {
  const overrides = [{ body: { a: null } }, { headers: {} }, { body: { a: { b: 1 } } }];
  expect(overridden({ a: { c: 2 } }, overrides)).toEqual({ a: { b: 1 } });
  expect(overridden([{ a: 1 }], overrides)).toEqual([{ a: 1 }]);
  expect(overridden('a', overrides)).toBe('a');
});

test('what is sent otherwise is left as it was', () => {
  const sent = { a: { b: 1 } };
  overridden(sent, [{ body: { a: { b: 2, c: 3 } } }]);
  expect(sent).toEqual({ a: { b: 1 } });
});

test('every user says who is asking, unless told otherwise', () => {
  expect(baseHeaders({})).toEqual(agent);
  expect(baseHeaders({ 'User-Agent': 'mine' })).toEqual(['User-Agent', 'mine']);
  expect(baseHeaders({}, [{ headers: { 'USER-AGENT': null } }])).toEqual([]);
});

test('headers go over those before them, by name in any case', () => {
  const stated = { authorization: 'Bearer a', 'X-Kept': 'yes' };
  const headers = { Authorization: null, 'x-tenant': 'a' };
  const sent = baseHeaders(stated, [{ headers }, { headers: { 'X-Tenant': 'b' } }]);
  expect(sent).toEqual([...agent, 'X-Kept', 'yes', 'X-Tenant', 'b']);
});

test('the type of JSON is that of the last who states one', () => {
  const vendor = { headers: { 'Content-Type': 'application/vnd.chat+json' } };
  expect(jsonTypeBy([{ body: {} }, { headers: { 'x-tenant': 'a' } }])).toBe('application/json');
  expect(jsonTypeBy([vendor, { body: {} }])).toBe('application/vnd.chat+json');
  expect(jsonTypeBy([vendor, { headers: { 'content-type': null } }])).toBe('');
});

test('names and patches are told, values of headers are not', () => {
  const overrides = [
    { headers: { 'X-Tenant': 'hidden value', authorization: null }, body: { max_tokens: null } },
    { headers: { 'x-tenant': 'another' } },
  ];
  expect(describeOverrides({ overrides })).toEqual({
    headers: 'no authorization, x-tenant',
    body: '{"max_tokens":null}',
  });
  expect(describeOverrides({})).toEqual({ headers: undefined, body: undefined });
  expect(targetSecrets({ key: 'k' }, [{ http: { overrides } }, { http: {} }])).toEqual([
    'k',
    'hidden value',
    'another',
  ]);
});
