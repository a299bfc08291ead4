/** The main use, at a fiftieth of the length: 200 users at once on a good system and on a slow one. */
import { expect, test } from './suite-run.ts';
import { leftReports } from './left-reports.ts';

const spike = { words: ['--project=spike', 'health-agent'], settings: { LOAD_TIME_SCALE: '0.02' } };

test(
  '200 users within a second: the budgets judge a good system and a slow one',
  { tag: '@long' },
  async ({ startRun }) => {
    const settings = { ...spike.settings, REFERENCE_SLOWDOWN: '50' };
    const slow = startRun({ ...spike, settings });
    // From here on it mostly waits, so the good system's load has the machine for itself.
    await slow.until('all users are there', () => slow.intervals().at(-1)?.users === 200);
    const good = startRun(spike);
    const [{ code: goodCode }, { code: slowCode }] = await Promise.all([good.exited, slow.exited]);

    await test.step('the good one', () => {
      expect(Math.max(...good.intervals().map(({ users }) => users))).toBe(200);
      const [load] = leftReports(good.folder).results.loads;
      const judged = load?.judgements.map(({ name, limit }) => [name, limit]);
      expect(judged?.slice(0, 2)).toEqual([
        ['p95', '< 5 s'],
        ['errorRate', '< 5 %'],
      ]);
      expect(load?.shortened).toBe(true);
      // A machine too busy to send the load leaves rows undecided; only then it is not green.
      const statuses = load?.judgements.map(({ status }) => status);
      const isOpen = statuses?.includes('undecided');
      expect(statuses).not.toContain('fail');
      expect(load?.verdict).toBe(isOpen ? 'invalid' : 'pass');
      expect(good.stdout).toMatch(/\n(pass|marginal|undecided) +p95 +< 5 s /);
      expect(goodCode).toBe(isOpen ? 1 : 0);
    });

    await test.step('the slow one fails with the table, and does not crash', () => {
      expect(slowCode).toBe(1);
      const [load] = leftReports(slow.folder).results.loads;
      const p95 = load?.judgements.find(({ name }) => name === 'p95');
      expect(p95?.status).toBe('fail');
      expect(load?.end.cause).toBe('completed');
      expect(load?.verdict).toBe('fail');
      expect(slow.stdout).toMatch(/\nFAIL +p95 +< 5 s /);
      expect(slow.stdout).toContain('1 failed');
      expect(slow.stderr).toBe('');
    });
  },
);
