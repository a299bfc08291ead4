import { expect, test } from '@playwright/test';
import { withDeclaredOverrides, withOverrides } from '../../../load/systems/declared-overrides.ts';
import { refuseWrongSettings } from '../../../load/systems/systems.ts';
import { defineUser, type UserDefinition } from '../../../load/user/define-user.ts';

const user = defineUser({
  system: 'web-shop',
  http: { headers: { accept: 'text/plain' } },
  tasks: { buy: { run: () => undefined } },
}) as unknown as UserDefinition;

const declared = (environment: Record<string, string>) =>
  withDeclaredOverrides(user, environment).http.overrides;

test('both are read from the variables of the system alone', () => {
  const environment = {
    WEB_SHOP_HEADERS: '{"x-tenant": "a", "accept": null}',
    WEB_SHOP_BODY: '{"max_tokens": null, "seed": 7}',
    API_GATEWAY_HEADERS: '{"x-other": "b"}',
  };
  expect(declared(environment)).toEqual([
    { headers: { 'x-tenant': 'a', accept: null }, body: { max_tokens: null, seed: 7 } },
  ]);
});

test('set to nothing is not set', () => {
  expect(declared({})).toBeUndefined();
  expect(declared({ WEB_SHOP_HEADERS: '', WEB_SHOP_BODY: ' ' })).toBeUndefined();
});

test('what is declared goes over what the code states', () => {
  const coded = withOverrides(user, { body: { a: 1 } });
  const both = withDeclaredOverrides(coded, { WEB_SHOP_BODY: '{"a": 2}' });
  expect(both.http.overrides).toEqual([{ body: { a: 1 } }, { body: { a: 2 } }]);
  expect(both.http.headers).toEqual({ accept: 'text/plain' });
  expect(user.http.overrides).toBeUndefined();
});

const secret = 'sk-very-secret-1';
for (const [name, value, why] of [
  [
    'API_GATEWAY_HEADERS',
    `{"authorization": "${secret}"`,
    'is no JSON; accepted is a JSON object of names',
  ],
  ['API_GATEWAY_HEADERS', `"${secret}"`, 'accepted is a JSON object of names and texts'],
  ['API_GATEWAY_HEADERS', `{"x y": "${secret}"}`, 'x y: a name that no header has'],
  [
    'API_GATEWAY_HEADERS',
    `{"x": "${secret}\\n"}`,
    'x: a text with characters that a header cannot carry',
  ],
  ['API_GATEWAY_HEADERS', `{"x": 7, "y": "${secret}"}`, 'x: '],
  [
    'API_GATEWAY_HEADERS',
    `{"Content-Length": "${secret}"}`,
    'a header that the HTTP client sets itself',
  ],
  [
    'MCP_SERVER_BODY',
    'max_tokens',
    'is no JSON; accepted is a JSON object, such as {"max_tokens": null',
  ],
  ['MCP_SERVER_BODY', '[1]', 'accepted is a JSON object'],
] as const) {
  test(`${name}: ${value.replace(secret, '…')} stops every run, and no value of a header is told`, () => {
    let told = '';
    try {
      refuseWrongSettings({ [name]: value });
    } catch (error) {
      told = (error as Error).message;
    }
    expect(told).toContain(`${name}=`);
    expect(told).toContain(why);
    expect(told).not.toContain(secret);
  });
}

test('in code the same names and values are refused', () => {
  const wrong = () => withOverrides(user, { headers: { 'x y': 'a' } });
  expect(wrong).toThrow('overrides: ');
  expect(wrong).toThrow('a name that no header has');
  expect(() => withOverrides(user, { header: {} } as object)).toThrow('header');
});
