/** A system that a load has broken fails its test, however good the figures are. */
import { spawn } from 'node:child_process';
import { systemClock } from '../../load/platform/clock.ts';
import { httpClients } from '../../load/clients/http/http-clients.ts';
import { awaitHealth } from '../../load/run/health-check.ts';
import { judge } from '../../load/budgets/judge.ts';
import { LoadRun } from '../../load/run/load-run.ts';
import { wholeLoad } from '../../load/workload/slice.ts';
import { healthAgentUser } from '../../load/systems/health-agent.ts';
import { constant } from '../../load/workload/think-time.ts';
import { defineUser, type UserDefinition } from '../../load/user/define-user.ts';
import { users } from '../../load/workload/users.ts';
import { drivenLoad } from './driven-load.ts';
import { sendJson } from './stand-in.ts';
import { expect, test } from './suite-run.ts';

const load = {
  ...users({ count: 5, spawnRate: 50, duration: '1s', thinkTime: constant('50ms') }),
  isShortened: true,
};
const met = { p95: '< 10 s', errorRate: '< 1 %' } as const;

test('all budgets met, but not healthy afterwards: red, and the reason is its health', async ({
  standIn,
}, testInfo) => {
  let hasBeenLoaded = false;
  const system = await standIn(({ path, isLoad }, response) => {
    hasBeenLoaded ||= isLoad;
    if (path !== '/health' || !hasBeenLoaded) return false;
    sendJson(response, 503, { status: 'out of memory' });
    return true;
  });
  const environment = { HEALTH_AGENT_URL: system.url };
  const driven = { system: 'health-agent', environment };
  const { loads, message } = await drivenLoad(testInfo, driven, healthAgentUser, load, met);
  expect(message).toContain('the system was not healthy after the load');
  const [entry] = loads;
  expect(entry?.verdict).toBe('fail');
  expect(entry?.reasons).toHaveLength(1);
  expect(entry?.reasons[0]).toContain(
    `the system was not healthy after the load: ${system.url}/health: `,
  );
  expect(entry?.reasons[0]).toContain('503 {"status":"out of memory"}');
  expect(entry?.judgements.map(({ status }) => status)).not.toContain('fail');
});

test('all budgets met and healthy, but by another process: red, and the reason is that', async ({
  standIn,
}, testInfo) => {
  const first = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  const system = await standIn(({ isLoad }) => {
    if (isLoad) first.kill();
    return false;
  });
  const environment = { HEALTH_AGENT_URL: system.url, HEALTH_AGENT_PID: String(first.pid) };
  const driven = { system: 'health-agent', environment };
  const { message } = await drivenLoad(testInfo, driven, healthAgentUser, load, met);
  first.kill();
  expect(message).toContain(
    `the system was not healthy after the load: process ${first.pid} of the system has ended`,
  );
});

test('a system that dies during the load and does not come back', async ({ standIn }) => {
  const system = await standIn();
  const mortal = defineUser({
    system: 'mortal',
    health: '/health',
    tasks: {
      ask: {
        async run({ http }) {
          await http.get('/ask');
          if (system.requests >= 10) system.stop();
        },
      },
    },
  });
  const user = mortal as unknown as UserDefinition;
  const target = { url: system.url, kind: 'given' as const };
  const newClients = httpClients({ allowedHosts: [] });
  const run = new LoadRun({
    identity: {
      testId: 'mortal-steady-2-users',
      runId: 'run',
      title: 'mortal',
      system: 'mortal',
      scenario: 'steady',
      level: '2-users',
    },
    streams: [
      {
        name: 'users',
        user,
        judged: true,
        workload: users({ count: 2, spawnRate: 100, duration: '1s' }),
      },
    ],
    target,
    newClients,
    budgets: [],
    seed: 1,
    slice: wholeLoad,
    timeScale: 1,
    shortened: true,
    flags: [],
    healthAfter: () => awaitHealth({ user, target, newClients }, 500, systemClock()),
  });
  const result = await run.run();
  expect(result.end?.healthAfter).toMatchObject({ ok: false });
  const { verdict, reasons } = judge(result);
  expect(verdict).toBe('fail');
  expect(reasons.join('\n')).toContain(`not healthy after the load: ${system.url}/health: refused`);
});
