import { expect, test } from '@playwright/test';
import { healthPath, systemVariables } from '../../../load/settings/system-variables.ts';

test("a system's variables bear its name", () => {
  expect(systemVariables('web-shop')).toEqual({
    url: 'WEB_SHOP_URL',
    key: 'WEB_SHOP_KEY',
    pid: 'WEB_SHOP_PID',
    prometheus: 'WEB_SHOP_PROMETHEUS',
    health: 'WEB_SHOP_HEALTH',
    headers: 'WEB_SHOP_HEADERS',
    body: 'WEB_SHOP_BODY',
  });
});

for (const [declared, path] of [
  [undefined, '/health'],
  ['/up', '/up'],
  ['/', '/'],
  ['none', undefined],
] as const) {
  test(`${declared ?? 'nothing'} declared: asked is ${path ?? 'nothing'}`, () => {
    const environment = { WEB_SHOP_HEALTH: declared, OTHER_HEALTH: '/other' };
    expect(healthPath('web-shop', '/health', environment)).toBe(path);
  });
}

for (const declared of ['', 'health', 'none ']) {
  test(`"${declared}" is no path of a health endpoint`, () => {
    expect(() => healthPath('web-shop', '/health', { WEB_SHOP_HEALTH: declared })).toThrow(
      `WEB_SHOP_HEALTH="${declared}": a path such as /health, or none`,
    );
  });
}
