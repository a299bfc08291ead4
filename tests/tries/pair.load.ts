/** The pair that `npm run pair-tries` runs many times. Its environment states the sides. */
import { between, expect, test, users } from 'loadwright';
import { queryGatewayUser } from '../../load/systems/query-gateway/query-gateway.ts';

test.describe.configure({ lock: '-exclusive-' });

test('one try', { tag: '@pair' }, async ({ comparePair }) => {
  const tolerance = process.env['TRY_TOLERANCE'] ?? '10 %';
  const load = users({ count: 4, spawnRate: 8, duration: '15s' });
  const user = queryGatewayUser({ unique: 1, think: between('0.01s', '0.05s') });
  const tolerances = { p50: tolerance, p95: tolerance, errorRate: '0.5 points' };
  const pair = await comparePair(user, load, { tolerances });
  expect(pair.end).toBeDefined();
});
