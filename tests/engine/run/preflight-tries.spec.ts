import { expect, test } from '@playwright/test';
import { JudgedFailure, type Verdict } from '../../../load/clients/scope.ts';
import { preflight } from '../../../load/run/preflight.ts';
import {
  defineUser,
  type TaskContext,
  type UserDefinition,
} from '../../../load/user/define-user.ts';
import { VirtualClock } from '../virtual-clock.ts';
import { noClients } from '../virtual-load.ts';

type Answer = Verdict | 'none';

const ok: Verdict = { outcome: 'ok' };
const failed = (kind: Verdict['kind']): Verdict => ({ outcome: 'failed', kind: kind! });
const busy = failed('status 503');

/** Checks a user whose one task gets the answers in turn, the last one for ever. */
async function checked(answers: readonly Answer[], taskName = 'buy') {
  const clock = new VirtualClock();
  const askedAtMs: number[] = [];
  const user: unknown = defineUser({
    system: 'web-shop',
    tasks: {
      [taskName]: {
        deadline: '10s',
        run: async ({ measure }: TaskContext<unknown, unknown, string>) => {
          await measure('order', async () => {
            const answer = answers[Math.min(askedAtMs.length, answers.length - 1)]!;
            askedAtMs.push(clock.now());
            if (answer === 'none') return new Promise<never>(() => undefined);
            if (answer.outcome !== 'ok') throw new JudgedFailure(answer);
            await clock.turn();
          });
        },
      },
    },
  });
  const run = preflight({
    user: user as UserDefinition,
    target: { url: 'http://127.0.0.1:1' },
    newClients: noClients,
    runId: 'run',
    seed: 1,
    clock,
  });
  const told = run.then(
    (notes) => ({ notes, refusal: undefined }),
    (error: unknown) => ({ notes: undefined, refusal: (error as Error).message }),
  );
  await clock.run();
  return { ...(await told), askedAtMs };
}

test('what goes through at once is asked once, and leaves no note', async () => {
  expect(await checked([ok])).toEqual({ notes: [], refusal: undefined, askedAtMs: [0] });
});

test('a 5xx is asked again after a second, counted and told', async () => {
  const { notes, askedAtMs } = await checked([busy, failed('status 500'), ok]);
  expect(askedAtMs).toEqual([0, 1000, 2000]);
  expect(notes).toEqual([
    'preflight: task "buy" went through after 2 failures (status 503, status 500)',
  ]);
});

test('so is a 503 that the task tolerates', async () => {
  const { notes, askedAtMs } = await checked([{ outcome: 'degraded', kind: 'degraded' }, ok]);
  expect(askedAtMs).toEqual([0, 1000]);
  expect(notes).toEqual(['preflight: task "buy" went through after one failure (degraded)']);
});

test('so is a request without an answer, after its deadline', async () => {
  const { notes, askedAtMs } = await checked(['none', ok]);
  expect(askedAtMs).toEqual([0, 11_000]);
  expect(notes).toEqual(['preflight: task "buy" went through after one failure (timeout)']);
});

test('the fourth failure stands', async () => {
  const { refusal, askedAtMs } = await checked([busy]);
  expect(askedAtMs).toEqual([0, 1000, 2000, 3000]);
  expect(refusal).toContain(
    'task "buy" ended failed (status 503) after 3 failures (status 503, status 503, status 503), so',
  );
});

for (const kind of ['status 401', 'status 429', 'reset', 'application'] as const) {
  test(`${kind} says what another try would say`, async () => {
    const { refusal, askedAtMs } = await checked([failed(kind), ok]);
    expect(askedAtMs).toEqual([0]);
    expect(refusal).toContain(`task "buy" ended failed (${kind}), so no load was sent`);
  });
}

test('a refusal behind a passing failure is told as itself', async () => {
  const { refusal } = await checked([busy, failed('status 404')]);
  expect(refusal).toContain('ended failed (status 404) after one failure (status 503)');
});
