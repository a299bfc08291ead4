/**
 * A load shaped by environment variables, with the options that classic load tools have on their command
 * line.
 */
import { defined } from '../platform/defined.ts';
import { parseRatePerSecond } from '../platform/duration.ts';
import { parseThinkTime } from './think-time.ts';
import { arrivals } from './arrivals.ts';
import { users } from './users.ts';
import type { Workload } from './workload.ts';

export const customSettings = [
  'LOAD_BUDGETS',
  'LOAD_USERS',
  'LOAD_SPAWN_RATE',
  'LOAD_DURATION',
  'LOAD_THINK',
  'LOAD_RATE',
] as const;

/** The settings that shape a custom load, as texts from the environment. */
interface CustomSettings {
  readonly LOAD_USERS?: number | undefined;
  readonly LOAD_SPAWN_RATE?: string | undefined;
  readonly LOAD_DURATION?: string | undefined;
  readonly LOAD_THINK?: string | undefined;
  readonly LOAD_RATE?: string | undefined;
}

/**
 * Makes a workload from settings. With `LOAD_RATE` it is an open model, else a closed one with
 * `LOAD_USERS` (default 10), `LOAD_SPAWN_RATE` (default: all within a second) and `LOAD_THINK`. It lasts
 * `LOAD_DURATION` (default 1 min). Throws if the settings conflict.
 * @example
 * test('as the environment says', { tag: '@custom' }, async ({ runLoad }) => {
 *   expect(await runLoad(shopUser, custom(settings()))).toMeetBudget();
 * });
 */
export function custom(settings: CustomSettings): Workload {
  const { LOAD_RATE, LOAD_USERS, LOAD_SPAWN_RATE, LOAD_THINK, LOAD_DURATION = '1m' } = settings;
  if (LOAD_RATE !== undefined) {
    const [conflict] = Object.keys(defined({ LOAD_USERS, LOAD_SPAWN_RATE, LOAD_THINK }));
    if (conflict !== undefined) {
      throw new Error(`${conflict}: has no meaning beside LOAD_RATE, which makes an open model`);
    }
    return { ...arrivals({ rate: LOAD_RATE, duration: LOAD_DURATION }), isCustom: true };
  }
  const count = LOAD_USERS ?? 10;
  const spawnRate = parseRatePerSecond(LOAD_SPAWN_RATE ?? count, 'LOAD_SPAWN_RATE');
  const thinkTime = LOAD_THINK === undefined ? undefined : parseThinkTime(LOAD_THINK);
  const workload = users(defined({ count, spawnRate, duration: LOAD_DURATION, thinkTime }));
  return { ...workload, isCustom: true };
}
