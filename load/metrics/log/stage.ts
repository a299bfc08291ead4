/** A change of a load's level while it ran, as in its interval log. */
import { z } from 'zod';

export const stageSchema = z.object({
  atMs: z.number(),
  /** The stage changes the number of virtual users, or the arrivals per second. */
  of: z.enum(['users', 'rate']),
  /** The level planned for that moment. During a ramp it may be a fraction. */
  from: z.number(),
  /** The level from then on. */
  to: z.number(),
});
export type Stage = z.infer<typeof stageSchema>;

/** `users from 20 to 40`, `arrivals from 50/s to 80/s`, for a reader. */
export function stageText({ of, from, to }: Stage): string {
  const text = (level: number): string => String(Number(level.toPrecision(4)));
  if (of === 'users') return `users from ${text(Math.ceil(from))} to ${text(to)}`;
  return `arrivals from ${text(from)}/s to ${text(to)}/s`;
}
