/** The table of expected requests matches the specs, and its arithmetic matches the engine. */
import { expect, test } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withBlock } from '../../fixtures/commands/docs-blocks.ts';
import { systems } from '../../load/systems/systems.ts';
import { between, noThinkTime } from '../../load/workload/think-time.ts';
import { arrivals } from '../../load/workload/arrivals.ts';
import { spike, users } from '../../load/workload/users.ts';
import { stages } from '../../load/workload/stages.ts';
import type { Workload } from '../../load/workload/workload.ts';
import { repository } from '../child-processes.ts';
import { answersAfter, runVirtually } from '../engine/virtual-load.ts';
import { expectedRequests, expectedRequestsTable } from './expected-requests.ts';

test('the table in the docs is that of the specs (-u writes it anew)', async () => {
  const file = 'docs/before-a-load.md';
  const path = join(repository, file);
  const table = await expectedRequestsTable(Object.keys(systems));
  const page = readFileSync(path, 'utf8');
  const now = withBlock(page, { file, marker: 'expected requests', text: () => table });
  if (/all|changed/.test(test.info().config.updateSnapshots)) writeFileSync(path, now);
  else expect(page).toBe(now);
});

const think = between('1s', '3s');
const loads: readonly (readonly [string, Workload, number])[] = [
  ['users', users({ count: 40, spawnRate: 2, duration: '3m' }), 200],
  ['users who wait long', users({ count: 40, spawnRate: 2, duration: '3m' }), 2000],
  [
    'users without think time',
    users({ count: 5, spawnRate: 5, duration: '1m', thinkTime: noThinkTime }),
    20,
  ],
  ['a spike', spike({ count: 60, spawnRate: 60, duration: '2m' }), 200],
  [
    'stages',
    stages([
      { users: 50, duration: '1m' },
      { users: 50, duration: '1m' },
    ]),
    200,
  ],
  ['arrivals', arrivals({ rate: '7/s', duration: '2m' }), 200],
];
for (const [name, workload, answerMs] of loads) {
  test(`${name}: what the engine sends is what the arithmetic says`, async () => {
    const user = { thinkTime: think };
    const { requests } = await runVirtually({ workload, system: answersAfter(answerMs), user });
    const expected = expectedRequests({ thinkTime: think }, workload, answerMs);
    expect(Math.abs(requests.length / expected - 1)).toBeLessThan(0.04);
  });
}
