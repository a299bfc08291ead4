/** A user with all features: several tasks, parallel requests, labels, its own metrics. */
import type { TaskContext, UserSource } from '../../../../load/user/define-user.ts';
import type { MetricDeclarations } from '../../../../load/metrics/definitions.ts';
import { between, noThinkTime, pacing } from '../../../../load/workload/think-time.ts';
import { defined } from '../../../../load/platform/defined.ts';
import type { VirtualClock } from '../../virtual-clock.ts';
import type { System } from '../../virtual-load.ts';
import type { Draws } from './draws.ts';

export const taskNames = ['chat', 'pair', 'errand'] as const;

export const metrics = {
  tokens: { kind: 'counter' },
  errands: { kind: 'counter', over: 'run' },
  useful: { kind: 'rate', over: 'scheduled' },
  cached: { kind: 'rate' },
  apart: { kind: 'difference', of: ['cached', 'okRate'] },
  score: { kind: 'trend' },
  size: { kind: 'trend', unit: 'ms' },
} as const satisfies MetricDeclarations;

type Context = TaskContext<unknown, unknown, string>;
type User = UserSource<unknown, unknown, string, string>;

/**
 * `isSliced`: nothing depends on the number of users in an open load, and no request is sent at the
 * moment when a deadline passes, since only the order of the two decides whether a stall ends.
 */
export function randomUser(
  draws: Draws,
  system: System,
  { isSliced, isOpen }: { readonly isSliced: boolean; readonly isOpen: boolean },
): (clock: VirtualClock) => Partial<User> {
  const deadline = draws.chance(0.05) ? 40_000 : draws.of([300, 1000, 3000]);
  const fastMs = draws.scaled(5, 400);
  const thinking = between(fastMs, 2 * fastMs);
  const thinkTime = isSliced ? thinking : draws.of([thinking, pacing(2 * fastMs), noThinkTime]);
  const session = draws.maybe(0.25, { requests: draws.whole(1, 6) });
  const greets = draws.chance(0.25) && !(isSliced && isOpen);
  return (clock) => {
    const send = sender(system, clock);
    const tasks = {
      chat: { deadline, weight: 3, run: (context: Context) => chat(context, send) },
      pair: { deadline, weight: 1, run: (context: Context) => pair(context, send) },
      errand: { deadline, weight: 1, run: (context: Context) => errand(context, send) },
    };
    const onStart = greets ? (context: Sending) => send(context, 'hello') : undefined;
    return defined({ tasks, thinkTime, session, metrics, onStart });
  };
}

type Sending = Pick<Context, 'measure' | 'random' | 'user'>;
type Send = (context: Sending, name: string) => Promise<void>;

function sender(system: System, clock: VirtualClock): Send {
  return async ({ measure, random, user }, name) => {
    const draws = [random(), random()] as const;
    await measure(name, async () => {
      await system({ atMs: clock.now(), task: name, userNumber: user.number, draws }, clock);
    });
  };
}

async function chat(context: Context, send: Send): Promise<void> {
  const { random, label, record } = context;
  label('model', random() < 0.5 ? 'small' : 'large');
  await send(context, 'chat');
  record('tokens', Math.floor(random() * 5));
  record('useful', random() < 0.8 ? 1 : 0);
  record('cached', random() < 0.6 ? 1 : 0);
  record('score', Math.round(200 * (random() - 0.3)));
}

async function pair(context: Context, send: Send): Promise<void> {
  await Promise.all([send(context, 'left'), send(context, 'right')]);
}

async function errand(context: Context, send: Send): Promise<void> {
  const { random, record, wait, fail } = context;
  await send(context, 'ask');
  record('size', Math.round(random() * 300));
  await wait(20 + Math.floor(random() * 50));
  if (random() < 0.02) fail('changed its mind');
  await send(context, 'fetch');
  record('errands', 1);
}
