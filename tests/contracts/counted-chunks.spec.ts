/** If a server reports no usage, the report says that chunks are counted as tokens. */
import { expect, test } from '@playwright/test';
import { launchReference } from '../../fixtures/reference/launch.ts';
import { metricFigures } from '../../load/report/text/metric-figures.ts';
import { streamingUser } from '../../load/systems/api-gateway/api-gateway.ts';
import { constant } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { stages } from '../../load/workload/stages.ts';
import { runForReal } from '../instrument/real-load.ts';

for (const [faults, text] of [
  ['no-usage', /^[1-9]\d* streams$/],
  ['comments', /^0 streams$/],
] as const) {
  test(`${faults}: ${text.source}`, async () => {
    const env = { REFERENCE_SLOWDOWN: 'chat completion:0.05', REFERENCE_FAULTS: faults };
    const service = await launchReference('api-gateway', { env });
    const { result } = await runForReal({
      url: service.url,
      user: streamingUser as unknown as UserDefinition,
      workload: stages([{ users: 3, duration: '2s' }], { from: 3, thinkTime: constant('50ms') }),
    }).finally(() => service.stop());
    const figures = metricFigures(result);
    const shown = figures.find(({ metric }) => metric === 'countedChunks')?.figures['value'];
    expect(shown?.text).toMatch(text);
    expect(figures.find(({ metric }) => metric === 'interToken')!.samples).toBeGreaterThan(5);
  });
}
