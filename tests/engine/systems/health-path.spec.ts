import { expect, test } from '@playwright/test';
import { readSettings } from '../../../load/settings/settings.ts';
import { apiGatewayUsers } from '../../../load/systems/api-gateway/api-gateway.ts';
import { healthPath, healthTasks } from '../../../load/systems/health-path.ts';

for (const [declared, path] of [
  [undefined, '/health'],
  ['/up', '/up'],
  ['/', '/'],
  ['none', undefined],
] as const) {
  test(`${declared ?? 'nothing'} declared: asked is ${path ?? 'nothing'}`, () => {
    expect(healthPath(declared, '/health')).toBe(path);
    expect(healthTasks(path, (asked) => ({ asked }))).toEqual(
      path === undefined ? {} : { asked: path },
    );
  });
}

test('a gateway without a health endpoint has no task that asks for it', () => {
  const { apiGatewayUser: user } = apiGatewayUsers(readSettings({ API_GATEWAY_HEALTH: 'none' }));
  expect(user.health).toBeUndefined();
  expect(Object.keys(user.tasks)).toEqual(['chat completion', 'list models']);
});
