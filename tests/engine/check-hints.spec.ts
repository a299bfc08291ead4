/** What a failed check says of settings: names of variables, and never what is in them. */
import { expect, test } from '@playwright/test';
import { addressHints, endingHints, healthHints, keyHints } from '../../fixtures/check-hints.ts';

const shop = { system: 'shop', url: 'http://localhost:3000', key: undefined };

test('a health endpoint that is not there has a variable for its path, or for none', () => {
  const hint =
    'SHOP_HEALTH=/path says where it tells its health, and SHOP_HEALTH=none that it tells none';
  expect(healthHints('status 404', shop)).toEqual([hint]);
  expect(healthHints('status 302', shop)).toEqual([hint]);
  expect(healthHints('status 503', shop)).toEqual([]);
  expect(healthHints('refused', shop)).toEqual([]);
});

test('a version at the end of the address is told, where nothing is found behind it', () => {
  const gateway = { system: 'api-gateway', url: 'http://localhost:4000/v1/', key: undefined };
  expect(addressHints('status 404', gateway)).toEqual([
    'the address ends in /v1/, and requests begin with their version: leave it out of API_GATEWAY_URL',
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
const unset = 'HEALTH_AGENT_API_KEY is not set: no key was there to be sent';

for (const [environment, hint] of [
  [{}, unset],
  [
    { HEALTH_AGENT_KEY: 's3cret' },
    `${unset}; HEALTH_AGENT_KEY is set, and would be HEALTH_AGENT_API_KEY`,
  ],
  [
    { HEALTH_AGENT_TOKEN: 's3cret' },
    `${unset}; HEALTH_AGENT_TOKEN is set, and would be HEALTH_AGENT_API_KEY`,
  ],
  [
    { HELTH_AGENT_API_KEY: 's3cret' },
    `${unset}; HELTH_AGENT_API_KEY is set, and would be HEALTH_AGENT_API_KEY`,
  ],
  [{ HEALTH_AGENT_URL: 'http://x', OTHER_KEY: 's3cret', HEALTH_AGENT_TOKEN: '' }, unset],
] as const) {
  test(`a missing key beside ${JSON.stringify(Object.keys(environment))}`, () => {
    const given = { keyHeader: undefined, environment };
    expect(keyHints('status 401', agent, given)).toEqual([hint]);
    expect(keyHints('status 500', agent, given)).toEqual([]);
  });
}
