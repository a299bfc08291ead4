/** The systems of a test: each is opened once, kept while the test runs, and released at its end. */
import { expect, test } from '@playwright/test';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { OpenTargets } from '../../fixtures/load-target.ts';
import { lockPath } from '../../load/settings/target-lock.ts';
import type { SliceSession } from '../../load/slices/slice-session.ts';
import { freePort } from '../../fixtures/free-port.ts';

test('a system is opened when it is asked for, once, and locked until the end', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const lock = lockPath(tmpdir(), url);
  const targets = new OpenTargets(test.info(), { target: url }, undefined);
  expect(existsSync(lock)).toBe(false);
  const [first, again] = [{ system: 'shop' }, { system: 'shop' }].map(targets.loadTarget);
  expect(await first).toMatchObject({ system: 'shop', url, kind: 'real' });
  expect(await again).toBe(await first);
  expect(existsSync(lock)).toBe(true);
  await targets.close();
  expect(existsSync(lock)).toBe(false);
});

test('two systems in one test are two targets', async () => {
  const targets = new OpenTargets(test.info(), {}, undefined);
  const [one, other] = await Promise.all(
    [{ system: 'health-agent' }, { system: 'rag-service' }].map(targets.loadTarget),
  );
  expect(one?.url).not.toBe(other?.url);
  const answers = async (): Promise<number[]> =>
    Promise.all([one!, other!].map(async ({ url }) => (await fetch(`${url}/health`)).status));
  expect(await answers()).toEqual([200, 200]);
  await targets.close();
  await expect(answers()).rejects.toThrow('fetch failed');
});

test('what could not be opened leaves nothing to end', async () => {
  const targets = new OpenTargets(test.info(), {}, undefined);
  await expect(targets.loadTarget({ system: 'shop' })).rejects.toThrow('set SHOP_URL');
  await targets.close();
});

test('a second system in a sliced test is refused, and the other slices hear of it', async () => {
  const heard: string[] = [];
  const slices = {
    isFirst: true,
    giveTarget: () => undefined,
    fail: (reason: string) => heard.push(reason),
    leave: () => Promise.resolve(),
  } as unknown as SliceSession;
  const target = `http://127.0.0.1:${await freePort()}`;
  const targets = new OpenTargets(test.info(), { target }, slices);
  await targets.loadTarget({ system: 'shop' });
  const refusal = 'a sliced test loads one system, "shop"; "books" needs a test of its own';
  await expect(targets.loadTarget({ system: 'books' })).rejects.toThrow(refusal);
  expect(heard).toEqual([refusal]);
  await targets.close();
});
