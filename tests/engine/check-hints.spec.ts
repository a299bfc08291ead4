/** The hints of a failed check name variables, never their values. */
import { expect, test } from '@playwright/test';
import { addressHints, endingHints, healthHints, keyHints } from '../../fixtures/check-hints.ts';

const shop = { system: 'shop', url: 'http://localhost:3000', key: undefined };

test('a health endpoint that is not there has a variable for its path, or for none', () => {
  const hint =
    'set SHOP_HEALTH to the path of its health endpoint, or to none if it has no such endpoint';
  expect(healthHints('status 404', shop)).toEqual([hint]);
  expect(healthHints('status 302', shop)).toEqual([hint]);
  expect(healthHints('status 503', shop)).toEqual([]);
  expect(healthHints('refused', shop)).toEqual([]);
});

test('a version at the end of the address is told, where nothing is found behind it', () => {
  const gateway = { system: 'api-gateway', url: 'http://localhost:4000/v1/', key: undefined };
  expect(addressHints('status 404', gateway)).toEqual([
    'the address ends in /v1/, but the path of each request already begins with its version: remove it from API_GATEWAY_URL',
  ]);
  expect(addressHints('status 500', gateway)).toEqual([]);
  expect(addressHints('status 404', shop)).toEqual([]);
});

test('a stream without the end that is looked for has a setting', () => {
  const gateway = { ...shop, system: 'api-gateway' };
  expect(endingHints('truncated', gateway).join()).toContain(
    'API_GATEWAY_STREAM_END=finish-reason',
  );
  expect(endingHints('truncated', shop)).toEqual([]);
  expect(endingHints('status 500', gateway)).toEqual([]);
});

const agent = { ...shop, system: 'health-agent' };
const unset = 'HEALTH_AGENT_API_KEY is not set, so no key was sent';

for (const [environment, hint] of [
  [{}, unset],
  [
    { HEALTH_AGENT_KEY: 's3cret' },
    `${unset}; HEALTH_AGENT_KEY is set, but the name must be HEALTH_AGENT_API_KEY`,
  ],
  [
    { HEALTH_AGENT_TOKEN: 's3cret' },
    `${unset}; HEALTH_AGENT_TOKEN is set, but the name must be HEALTH_AGENT_API_KEY`,
  ],
  [
    { HELTH_AGENT_API_KEY: 's3cret' },
    `${unset}; HELTH_AGENT_API_KEY is set, but the name must be HEALTH_AGENT_API_KEY`,
  ],
  [{ HEALTH_AGENT_URL: 'http://x', OTHER_KEY: 's3cret', HEALTH_AGENT_TOKEN: '' }, unset],
] as const) {
  test(`a missing key beside ${JSON.stringify(Object.keys(environment))}`, () => {
    const given = { keyHeader: undefined, environment };
    expect(keyHints('status 401', agent, given)).toEqual([hint]);
    expect(keyHints('status 500', agent, given)).toEqual([]);
  });
}
