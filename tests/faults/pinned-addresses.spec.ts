/**
 * A name whose addresses change during a run (fault matrix, 34): load goes to the first addresses or
 * nowhere.
 */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { renameSync, writeFileSync } from 'node:fs';
import { leftReports } from './left-reports.ts';
import { expect, test } from './suite-run.ts';

const name = 'loadwright.test';

test(
  'addresses that a name had not at the start of the run get no load',
  { annotation: { type: 'fault', description: '34' } },
  async ({ run, standIn }, testInfo) => {
    const resolver = movableName(
      testInfo.outputPath('addresses.json'),
      testInfo.outputPath('dns.mjs'),
    );
    resolver.point(['127.0.0.1']);
    const moves = [
      // The old address is still among them, so the load goes on there.
      { atRequest: 10, to: ['127.0.0.2', '127.0.0.1'] },
      { atRequest: 200, to: ['127.0.0.2'] },
      // In time for the health check after the load.
      { atRequest: 400, to: ['127.0.0.1'] },
    ];
    let asked = 0;
    const system = await standIn(({ isLoad, number }) => {
      if (isLoad) asked = number;
      const move = moves.find(({ atRequest }) => isLoad && atRequest === number);
      if (move !== undefined) resolver.point(move.to);
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
    const ended = await run({
      words: ['--project=custom', 'health-agent'],
      settings: {
        HEALTH_AGENT_URL: `http://${name}:${port}`,
        LOAD_ALLOW_HOSTS: name,
        // New users, and with them new connections, to the end.
        LOAD_USERS: '40',
        LOAD_SPAWN_RATE: '10',
        LOAD_DURATION: '5s',
        LOAD_THINK: '50ms',
        NODE_OPTIONS: `--import=${resolver.module}`,
      },
    });
    stranger.close();
    expect(strangers).toBe(0);
    expect(asked).toBeGreaterThan(400);
    const errors = ended
      .intervals()
      .flatMap(({ series }) => series.flatMap((one) => one.errors ?? []));
    expect(new Set(errors.map(({ kind }) => kind))).toEqual(new Set(['generator']));
    expect(errors[0]?.sample).toContain(
      `${name}: none of its addresses is among those that it had at the start`,
    );
    const { ok, failed } = leftReports(ended.folder).results.loads[0]!.totals.all;
    // Existing connections stay, and nothing else was lost.
    expect([ok, system.loadRequests]).toEqual([system.loadRequests, ok]);
    expect(failed).toBeGreaterThan(0);
  },
);

/** A name service of the run: the module that asks it, and its current answer. */
function movableName(list: string, module: string) {
  writeFileSync(
    module,
    `
    import dns from 'node:dns';
    import { readFileSync } from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    const { lookup } = dns;
    dns.lookup = (name, options, callback) => {
      if (name !== ${JSON.stringify(name)}) return lookup(name, options, callback);
      const addresses = JSON.parse(readFileSync(${JSON.stringify(list)}, 'utf8'));
      setImmediate(callback, null, addresses.map((address) => ({ address, family: 4 })));
    };
    syncBuiltinESMExports();`,
  );
  return {
    module,
    point: (addresses: readonly string[]): void => {
      writeFileSync(`${list}.new`, JSON.stringify(addresses));
      renameSync(`${list}.new`, list);
    },
  };
}
