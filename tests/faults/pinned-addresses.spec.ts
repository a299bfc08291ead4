/**
 * A name whose addresses change during a run (fault matrix, 34): load goes to the first addresses or
 * nowhere.
 */
import type { LookupAddress } from 'node:dns';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { readLoadLines } from '../../load/budgets/judged-load.ts';
import { logsIn } from '../../load/report/files/rebuild.ts';
import { healthAgentUser } from '../../load/systems/health-agent.ts';
import { constant } from '../../load/workload/think-time.ts';
import { users } from '../../load/workload/users.ts';
import { drivenLoad, runFolderOf } from './driven-load.ts';
import { fault } from './fault-matrix.ts';
import { replaceLookUp } from './name-service.ts';
import { expect, test } from './suite-run.ts';

const name = 'loadwright.test';

/** New users, and with them new connections, to the end. */
const load = users({ count: 40, spawnRate: 10, duration: '5s', thinkTime: constant('50ms') });

test(
  'addresses that a name had not at the start of the run get no load',
  { annotation: fault(34) },
  async ({ standIn }, testInfo) => {
    let lost = 0;
    const resolver = movableName(['127.0.0.1'], (addresses) => {
      if (addresses.includes('127.0.0.1')) return;
      lost += 1;
      // In time for the health check after the load.
      if (lost === 3) resolver.point('127.0.0.1');
    });
    const moves = [
      // The old address is still among them, so the load goes on there.
      { atRequest: 10, to: ['127.0.0.2', '127.0.0.1'] },
      { atRequest: 50, to: ['127.0.0.2'] },
    ];
    let asked = 0;
    const system = await standIn(({ isLoad, number }) => {
      if (isLoad) asked = number;
      const move = moves.find(({ atRequest }) => isLoad && atRequest === number);
      if (move !== undefined) resolver.point(...move.to);
      return false;
    });
    const { port } = new URL(system.url);
    let strangers = 0;
    const stranger = createServer((socket) => {
      strangers += 1;
      socket.destroy();
    });
    stranger.listen(Number(port), '127.0.0.2');
    await once(stranger, 'listening');
    const environment = { HEALTH_AGENT_URL: `http://${name}:${port}`, LOAD_ALLOW_HOSTS: name };
    const driven = { system: 'health-agent', environment };
    const { loads } = await drivenLoad(testInfo, driven, healthAgentUser, load).finally(() => {
      stranger.close();
      resolver.restore();
    });
    expect(strangers).toBe(0);
    expect(lost).toBe(3);
    // The load went on.
    expect(asked).toBeGreaterThan(50);
    const errors: { readonly kind: string; readonly sample: string }[] = [];
    await readLoadLines(logsIn(runFolderOf(testInfo))[0]!, (line) => {
      if (line.type === 'interval') errors.push(...line.series.flatMap((one) => one.errors ?? []));
    });
    expect(new Set(errors.map(({ kind }) => kind))).toEqual(new Set(['generator']));
    expect(errors[0]?.sample).toContain(
      `${name}: none of its addresses is among those that it had at the start`,
    );
    const { all } = loads[0]!.totals;
    // Existing connections stay, and nothing else was lost.
    expect([all.ok, system.loadRequests]).toEqual([system.loadRequests, all.ok]);
    expect(all.failed).toBeGreaterThan(0);
  },
);

/** The name service of this process, with its current answer for the name, which `onAnswer` hears of. */
function movableName(first: readonly string[], onAnswer: (addresses: readonly string[]) => void) {
  let addresses = first;
  const restore = replaceLookUp((lookUp, asked, ...rest) => {
    if (asked !== name) {
      Reflect.apply(lookUp, undefined, [asked, ...rest]);
      return;
    }
    const callback = rest.at(-1) as unknown as (
      error: null,
      addresses: readonly LookupAddress[],
    ) => void;
    setImmediate(
      callback,
      null,
      addresses.map((address) => ({ address, family: 4 })),
    );
    onAnswer(addresses);
  });
  return {
    restore,
    point: (...moved: readonly string[]): void => {
      addresses = moved;
    },
  };
}
