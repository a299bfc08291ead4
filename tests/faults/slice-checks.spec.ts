/** Each slice runs its own checks: a problem on one machine ends the load of all, and the slice is named. */
import { expect, type TestInfo } from '@playwright/test';
import { z } from 'zod';
import { LoadRunner } from '../../fixtures/run-load.ts';
import { openTarget } from '../../fixtures/targets.ts';
import { plannedMs } from '../../load/budgets/accounting.ts';
import { readResult } from '../../load/metrics/log/reader.ts';
import { logsIn } from '../../load/report/files/rebuild.ts';
import { LoadRun } from '../../load/run/load-run.ts';
import { Coordinator } from '../../load/slices/coordinator.ts';
import { SliceSession } from '../../load/slices/slice-session.ts';
import { defineUser } from '../../load/user/define-user.ts';
import { arrivals } from '../../load/workload/arrivals.ts';
import { refusalOf, setEnvironment, standInTest } from './driven-load.ts';
import { test as base, wrongKey } from './sliced-suite.ts';

const secret = 'only-for-this-test-0123456789';

const shopUser = defineUser({
  system: 'shop',
  http: { headers: ({ target }) => ({ 'x-key': target.key ?? '' }) },
  tasks: {
    order: {
      deadline: '5s',
      run: async ({ http, random, user }) => {
        const query = { name: `${random()}-${random()}`, by: user.uniqueId };
        await http.get('/orders', { query, expect: z.object({ ok: z.literal(true) }) });
      },
    },
  },
});

const minute = { ...arrivals({ rate: '40/s', duration: '60s' }), isShortened: true };

/** A slice in this process, as the fixtures put it together. */
interface DrivenSlice {
  readonly refusal: Promise<string>;
  /** It has read its settings, and is on its way to the barrier. */
  readonly isUnderWay: () => boolean;
}

async function drivenSlice(
  testInfo: TestInfo,
  index: number,
  coordinator: string,
): Promise<DrivenSlice> {
  const test = standInTest(testInfo, 'endurance');
  const slice = { index, count: 2 };
  const words = { runId: 'run', slice, test: 'goes on' };
  const session = await SliceSession.open({ coordinator, secret, ...words });
  const target = await openTarget('shop', process.env);
  const runner = new LoadRunner(() => Promise.resolve(target), test, session);
  let hasEnded = false;
  const refused = refusalOf(runner.runLoad(shopUser, minute)).then(async (refusal) => {
    hasEnded = true;
    test.status = 'failed';
    await runner.close();
    await session.leave();
    return refusal;
  });
  return { refusal: refused, isUnderWay: () => hasEnded || test.annotations.length > 0 };
}

const test = base.extend<{
  /** Runs two slices; the settings are those of the second. Resolves with why each of them was refused. */
  slices: (second?: Readonly<Record<string, string>>) => Promise<string[]>;
}>({
  slices: async ({ shop }, use, testInfo) => {
    const coordinator = await Coordinator.open({ secret });
    const begun = async (index: number, own: Readonly<Record<string, string>>) => {
      const folder = testInfo.outputPath(`slice-${index}`);
      const restore = setEnvironment({
        SHOP_URL: shop.url,
        LOAD_RUN_ID: 'run',
        LOAD_RUN_DIR: folder,
        LOAD_SLICE: `${index}/2`,
        LOAD_COORDINATOR: coordinator.url,
        LOAD_COORDINATOR_SECRET: secret,
        ...own,
      });
      const slice = await drivenSlice(testInfo, index, coordinator.url);
      await expect.poll(slice.isUnderWay, { timeout: 60_000 }).toBe(true);
      restore();
      return slice;
    };
    await use(async (second = {}) => {
      const both = [await begun(1, {}), await begun(2, second)];
      return Promise.all(both.map(({ refusal }) => refusal));
    });
    await coordinator.close();
  },
});

test('a key that is wrong on one machine only: no slice sends load, and all say whose it is', async ({
  shop,
  slices,
}) => {
  const [first, second] = await slices({ SHOP_KEY: wrongKey });
  expect(second).toMatch(
    /Preflight: task "order" ended failed \(status 401\), so no load was sent/,
  );
  expect(first).toMatch(/slice 2 of 2 \(.*\): no load was sent: Preflight: task "order".*401/);
  expect([...shop.orders]).toEqual([]);
});

test('a generator that breaks on one machine ends the load of all, before its planned end', async ({
  slices,
}, testInfo) => {
  const restore = breakSecondSlice('no more memory');
  const [first, second] = await slices().finally(restore);
  expect(second).toContain('no more memory');
  expect(first).toMatch(/not all slices are there: slice 2 of 2 \(.*\): no more memory/);
  const [log] = logsIn(testInfo.outputPath('slice-1'));
  const { end, plan } = await readResult(log!);
  expect(end?.cause).toBe('slice-lost');
  expect(end?.atMs).toBeLessThan(plannedMs(plan));
});

/** From the start of its load on; returns the way back. */
function breakSecondSlice(reason: string): () => void {
  const { prototype } = LoadRun;
  const whole = Reflect.get(prototype, 'run');
  prototype.run = function run(this: LoadRun) {
    const isBroken = this.plan.slice.index === 2;
    return isBroken ? Promise.reject(new Error(reason)) : Reflect.apply(whole, this, []);
  };
  return () => {
    prototype.run = whole;
  };
}
