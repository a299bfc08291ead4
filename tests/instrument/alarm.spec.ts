/** Prompt timers compared with the runtime's own, in turns in one process: the benefit of the alarm. */
import { expect, test } from '@playwright/test';
import { systemClock, type Clock } from '../../load/platform/clock.ts';
import { medianOf } from '../../load/analysis/theil-sen.ts';

const rounds = 20;
const waitsPerRound = 25;

/** How late each of a few waits was, in ms. */
async function latenesses(clock: Clock): Promise<number[]> {
  const late: number[] = [];
  for (let i = 0; i < waitsPerRound; i++) {
    const atMs = Math.ceil(clock.now()) + 2 + (i % 5);
    await new Promise<void>((resolve) => clock.promptly(atMs, resolve));
    late.push(clock.now() - atMs);
  }
  return late;
}

test('a user’s wait ends sooner after its instant with the alarm than with the runtime’s timers', async () => {
  const alarmed = systemClock();
  const bare = systemClock();
  bare.close();
  const withAlarm: number[] = [];
  const without: number[] = [];
  for (let i = 0; i < rounds; i++) {
    withAlarm.push(...(await latenesses(alarmed)));
    without.push(...(await latenesses(bare)));
  }
  alarmed.close();
  expect(medianOf(withAlarm)).toBeLessThan(0.8 * medianOf(without));
});
