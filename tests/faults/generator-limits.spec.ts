/** Limits of this machine, reached during a load (fault matrix, 9), do not count against the target. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fault } from './fault-matrix.ts';
import { leftReports } from './left-reports.ts';
import type { FewPorts } from './few-ports.ts';
import { expect, test } from './suite-run.ts';

test(
  'descriptors run out: kind generator, invalid, and nothing is charged to the target',
  { annotation: fault(9) },
  async ({ run, standIn }) => {
    const system = await standIn();
    const settings = { LOAD_USERS: '300', LOAD_DURATION: '4s', LOAD_THINK: '500ms' };
    const { code, stdout, folder } = await run({
      words: ['--project=custom', 'health-agent'],
      settings: { ...settings, HEALTH_AGENT_URL: system.url },
      // Enough for the runner, its worker and the connections of most of the users.
      first: 'ulimit -n 256',
    });
    expect(code).toBe(1);
    expect(stdout).toContain('Invalid instrument: ');
    // On a console it is wrapped.
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('raise the limit of descriptors (ulimit -n)');

    const { results, summary } = leftReports(folder);
    const load = results.loads[0]!;
    expect(load.end.cause).toBe('completed');
    expect(load.verdict).toBe('invalid');
    const finding = load.invalid.find(({ rule }) => rule === 'generatorErrors');
    const { ok, failed, ...others } = load.totals.all;
    expect(finding).toMatchObject({ observed: failed });
    expect(load.totals.errors.map(({ kind }) => kind)).toEqual(
      load.totals.errors.map(() => 'generator'),
    );
    expect(Object.values(others).every((count) => count === 0)).toBe(true);
    // The requests that reached the target were answered, and all of them are ok.
    expect(ok).toBe(system.loadRequests);
    for (const text of [stdout, summary]) {
      expect(text).toContain('this machine could not open');
      expect(text).toContain('EMFILE');
    }
  },
);

test(
  'ports run out: kind generator, invalid, and nothing is charged to the target',
  { annotation: fault(10), tag: '@long' },
  () => {
    const ports = 'ip link set lo up && echo 50000 50019 > /proc/sys/net/ipv4/ip_local_port_range';
    const network = (command: string): string[] => [
      '--map-root-user',
      '--net',
      'sh',
      '-c',
      `${ports} && exec ${command} "$@"`,
      'sh',
    ];
    const isPossible = spawnSync('unshare', network('true')).status === 0;
    test.skip(!isPossible, 'this machine lets no test have a network of its own');
    const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx/esm')).href;
    const load = fileURLToPath(new URL('few-ports.ts', import.meta.url));
    const words = [...network(process.execPath), '--import', tsx, load];
    const { stdout, stderr } = spawnSync('unshare', words, { encoding: 'utf8' });
    expect(stderr).toBe('');
    const { verdict, rules, kinds, outcomes, answered, text } = JSON.parse(stdout) as FewPorts;
    expect(verdict, text).toBe('invalid');
    expect(rules).toContain('generatorErrors');
    expect(kinds).toEqual(['generator']);
    expect(text).toContain('EADDRNOTAVAIL');
    const { ok, failed = 0, ...others } = outcomes;
    expect(failed).toBeGreaterThan(0);
    expect([ok, others]).toEqual([answered, {}]);
  },
);
