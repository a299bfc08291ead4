/** The console says of such a run what docs/bottlenecks.md shows, but for its figures. */
import { expect, test } from '@playwright/test';
import { findingsIn } from '../../../../load/analysis/findings/findings.ts';
import { LoadLevel } from '../../../../load/analysis/findings/load-level.ts';
import { findingLines } from '../../../../load/report/text/finding-text.ts';
import { between } from '../../../../load/workload/think-time.ts';
import { users } from '../../../../load/workload/users.ts';
import { docsBlock, shapeOf } from '../../../examples/fenced-blocks.ts';
import { simulated } from './simulated-load.ts';
import { simulatedSystem } from './simulated-systems.ts';

test('the finding in the docs is worded as the console words it', async () => {
  const systemOf = simulatedSystem('agent', 'db-pool', 1);
  const results = [];
  for (const count of [10, 50, 100]) {
    const thinkTime = between(500, 1500);
    const workload = users({ count, spawnRate: count / 4, duration: '40s', thinkTime });
    results.push(await simulated({ scenario: 'progressive', workload, systemOf, seed: 1 }));
  }
  const findings = findingsIn(results.map((result) => new LoadLevel(result)));
  const told = findingLines(findings).map(({ text }) => text);
  const ofAnySystem = (text: string): string => shapeOf(text).replace(/\([\w-]+\)/, '(…)');
  expect(ofAnySystem(told.join('\n'))).toBe(ofAnySystem(docsBlock('docs/bottlenecks.md', 'text')));
});
