import { expect, test } from '@playwright/test';
import { baselineOf, type BaselineLoad } from '../../../../load/analysis/findings/baseline-load.ts';
import { findingsIn } from '../../../../load/analysis/findings/findings.ts';
import { LoadLevel } from '../../../../load/analysis/findings/load-level.ts';
import { serialised } from '../../../../load/analysis/findings/serialised.ts';
import { makeResult, repeat } from '../../budgets/make-result.ts';

/** Half a minute: so many quick calls (20 ms alone) and slow ones (200 ms) a second. */
function level(users: number, quick: number, slow: number, queuedMs = 0): LoadLevel {
  const isAlone = users === 1;
  const calls = (task: string, count: number, ms: number) => ({
    task,
    okMs: repeat(ms + queuedMs, count),
    trends: { service: repeat(ms + queuedMs, count) },
  });
  const made = makeResult({
    bare: true,
    plan: {
      system: 'tools',
      scenario: isAlone ? 'baseline' : 'progressive',
      level: isAlone ? '1-user' : `${users}-users`,
      testId: `tools-${users}`,
    },
    intervals: repeat(0, 30).map(() => ({
      users,
      inFlight: users - 1,
      series: [calls('query', quick, 20), calls('index documents', slow, 200)],
    })),
  });
  return new LoadLevel(made);
}

const rules = [serialised];
/** As a baseline of one user draws them: as many slow calls as quick ones. */
const alone = level(1, 5, 4);

test('calls in a row are seen by the time of each task, whatever their mix was for one user alone', () => {
  // 30 × 20 ms + 2 × 200 ms: a second of work in each second.
  const [finding] = findingsIn([alone, level(12, 30, 2, 300)], { rules });
  expect(finding).toMatchObject({ rule: 'serialised', level: '12 users' });
  expect(finding!.signals[0].value).toBeCloseTo(1, 1);
});

test('a level below at which nothing queued does not hide it, and one that queued shows the plateau', () => {
  const named = (levels: readonly LoadLevel[]): string[] =>
    findingsIn([alone, ...levels], { rules }).map((finding) => finding.level);
  // Two users: a fifth of what it can do, with one call in flight.
  expect(named([level(2, 6, 0), level(12, 30, 2, 300)])).toEqual(['12 users']);
  // Six users with five in flight got through much less: more users were more throughput.
  expect(named([level(6, 15, 1, 150), level(12, 30, 2, 300)])).toEqual([]);
  expect(named([level(6, 29, 2, 150), level(12, 30, 2, 300)])).toEqual(['12 users', '6 users']);
});

test('twice as many calls as fit into a row are none', () => {
  expect(findingsIn([alone, level(12, 60, 4, 300)], { rules })).toEqual([]);
});

test('by a committed baseline it is suspected: the machine may have been another one', () => {
  const loads = [level(12, 30, 2, 300)];
  expect(findingsIn(loads, { rules })).toEqual([]);
  const own = baselineOf(alone)!;
  const committed: BaselineLoad = { ...own, committedAt: '2026-11-21T21:16:38.176Z' };
  const [finding] = findingsIn(loads, { rules, baselines: [committed] });
  expect(finding).toMatchObject({ rule: 'serialised', confidence: 'suspected' });
  expect(finding!.checks).toContainEqual({
    text: 'the time of one user alone is that of the committed baseline (2026-11-21)',
    outcome: 'unknown',
  });
});
