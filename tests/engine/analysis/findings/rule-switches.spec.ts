/**
 * Rule × switch, over two seeds, in virtual time: each switch alone is named by its own rule and by no other,
 * and where none is on nothing is found.
 */
import { expect, test } from '@playwright/test';
import { findingsIn } from '../../../../load/analysis/findings/findings.ts';
import type { Finding } from '../../../../load/analysis/findings/finding.ts';
import { LoadLevel } from '../../../../load/analysis/findings/load-level.ts';
import { rules } from '../../../../load/analysis/findings/rules.ts';
import { between, noThinkTime } from '../../../../load/workload/think-time.ts';
import { users } from '../../../../load/workload/users.ts';
import { simulated } from './simulated-load.ts';
import { simulatedSystem, type Switch, type SystemName } from './simulated-systems.ts';

interface Ladder {
  readonly levels: readonly number[];
  readonly duration: '40s' | '2m' | '16m';
  readonly think: readonly [number, number];
}

const ladder: Ladder = { levels: [5, 20, 50], duration: '40s', think: [500, 1500] };
/** A trend needs at least ten minutes. */
const long: Ladder = { levels: [5], duration: '16m', think: [1000, 3000] };

const table: readonly (readonly [Switch, SystemName, string, Ladder?])[] = [
  ['db-pool', 'agent', 'connection-pool'],
  ['pool-leak', 'agent', 'connection-pool'],
  ['busy-cpu', 'agent', 'target-cpu'],
  ['throttled-cpu', 'agent', 'target-cpu', { ...ladder, levels: [5, 20, 100] }],
  ['leak-memory', 'agent', 'memory-leak', long],
  ['leak-descriptors', 'agent', 'descriptor-leak', long],
  ['limit-rate', 'agent', 'rate-limited'],
  ['store-limit', 'store', 'vector-timeout', { ...ladder, levels: [2, 20, 50] }],
  ['slow-search', 'store', 'vector-search', { ...ladder, levels: [2, 5, 10] }],
  ['serialised-tools', 'tools', 'serialised'],
  ['big-results', 'tools', 'serialised'],
  ['kv-cache', 'model', 'kv-cache'],
  ['few-sequences', 'model', 'llm-capacity'],
  ['long-prompts', 'model', 'llm-context', { ...ladder, levels: [1, 3], duration: '2m' }],
];

async function found(
  on: Switch | undefined,
  system: SystemName,
  { levels, duration, think }: Ladder,
  seed: number,
): Promise<Finding[]> {
  const systemOf = simulatedSystem(system, on, seed);
  const alone = users({ count: 1, spawnRate: 1, duration: '20s', thinkTime: noThinkTime });
  const loads = levels.map((count) => ({
    scenario: 'progressive',
    workload: users({
      count,
      spawnRate: count / 4,
      duration,
      thinkTime: between(...think),
    }),
  }));
  const all = [{ scenario: 'baseline', workload: alone }, ...loads];
  const results = [];
  for (const load of all) results.push(await simulated({ ...load, systemOf, seed }));
  return findingsIn(results.map((result) => new LoadLevel(result)));
}

for (const [on, system, rule, own = ladder] of table) {
  test(`${on}: ${rule}, and no other`, async () => {
    for (const seed of [1, 2]) {
      const findings = await found(on, system, own, seed);
      expect([...new Set(findings.map((one) => one.rule))], `seed ${seed}`).toEqual([rule]);
    }
  });
}

test('every rule has a switch', () => {
  const named = new Set(table.map(([, , rule]) => rule));
  expect(rules.map(({ name }) => name).filter((name) => !named.has(name))).toEqual([]);
});

/** A hundred runs in the long ones, some of them in each. */
for (const [runs, tag] of [
  [3, []],
  [25, ['@long']],
] as const) {
  for (const system of ['agent', 'store', 'tools', 'model'] as const) {
    test(`${runs} runs of ${system} with no switch: no finding`, { tag: [...tag] }, async () => {
      test.setTimeout(10 * 60_000);
      for (let seed = 1; seed <= runs; seed++) {
        const findings = await found(undefined, system, ladder, seed);
        expect(findings, `seed ${seed}`).toEqual([]);
      }
    });
  }
}
