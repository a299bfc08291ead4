import { expect, test } from '@playwright/test';
import { apiGatewayUsers } from '../../../load/systems/api-gateway/api-gateway.ts';
import { healthTasks } from '../../../load/systems/health-tasks.ts';

test('tasks that ask for health ask at the path that there is', () => {
  expect(healthTasks('/up', (path) => ({ [path]: 1 }))).toEqual({ '/up': 1 });
  expect(healthTasks(undefined, (path) => ({ [path]: 1 }))).toEqual({});
});

test('a gateway without a health endpoint has no task that asks for it', () => {
  const { apiGatewayUser: user } = apiGatewayUsers({ API_GATEWAY_HEALTH: 'none' });
  expect(user.health).toBeUndefined();
  expect(Object.keys(user.tasks)).toEqual(['chat completion', 'list models']);
});
