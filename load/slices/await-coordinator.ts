/** Slices and coordinator are often started together: who comes first waits a while for the other. */
import { get } from 'node:http';
import type { Clock } from '../platform/clock.ts';

const retryMs = 500;

/** Resolves when the coordinator answers, or after `patienceMs`: what is wrong is then found by the caller. */
export async function awaitCoordinator(
  coordinator: string,
  clock: Clock,
  patienceMs: number,
): Promise<void> {
  const untilMs = clock.now() + patienceMs;
  while (!(await answers(coordinator)) && clock.now() < untilMs) {
    await clock.until(clock.now() + retryMs);
  }
}

function answers(coordinator: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get(new URL('/health', coordinator), { agent: false, timeout: 5000 });
    asked.once('response', (response) => {
      response.resume();
      // Whatever it says: somebody is there.
      resolve(true);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => {
      resolve(false);
    });
  });
}
