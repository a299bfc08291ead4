/** If a server reports no usage, the report says that chunks are counted as tokens. */
import { expect, test } from '@playwright/test';
import { launchReference } from '../../fixtures/reference/launch.ts';
import { metricFigures } from '../../load/report/text/metric-figures.ts';
import type { LoadRun } from '../../load/run/load-run.ts';
import { streamingUser } from '../../load/systems/api-gateway/api-gateway.ts';
import { constant } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { stages } from '../../load/workload/stages.ts';
import { runForReal } from '../instrument/real-load.ts';

const enough = 6;

/** The user with its streams only. Ends the load when so many have ended. */
function streamsOnly(end: () => void): UserDefinition {
  const user = streamingUser as unknown as UserDefinition;
  const chat = user.tasks['chat completion']!;
  let ended = 0;
  const run: typeof chat.run = async (context) => {
    await chat.run(context);
    ended += 1;
    if (ended === enough) end();
  };
  return { ...user, tasks: { 'chat completion': { ...chat, run } } };
}

for (const [faults, text] of [
  ['no-usage', /^[1-9]\d* streams$/],
  ['comments', /^0 streams$/],
] as const) {
  test(`${faults}: ${text.source}`, async () => {
    const env = { REFERENCE_SLOWDOWN: 'chat completion:0.05', REFERENCE_FAULTS: faults };
    const service = await launchReference('api-gateway', { env });
    let run: LoadRun | undefined;
    const { result } = await runForReal({
      url: service.url,
      user: streamsOnly(() => {
        run?.stop({ cause: 'completed', detail: 'enough was streamed' });
      }),
      workload: stages([{ users: 3, duration: '60s' }], { from: 3, thinkTime: constant('50ms') }),
      during: (begun) => (run = begun),
    }).finally(() => service.stop());
    const figures = metricFigures(result);
    const shown = figures.find(({ metric }) => metric === 'countedChunks')?.figures['value'];
    expect(shown?.text).toMatch(text);
    expect(figures.find(({ metric }) => metric === 'interToken')!.samples).toBeGreaterThanOrEqual(
      enough,
    );
  });
}
