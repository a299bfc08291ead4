/** Everything that is refused before a load is sent, each with what is wrong and what is accepted. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchReference } from '../../fixtures/reference/launch.ts';
import { refuseUnusableFolder } from '../../load/settings/run-folder.ts';
import { healthAgentUser } from '../../load/systems/health-agent.ts';
import { users } from '../../load/workload/users.ts';
import { drivenLoad, hasBegun, refusalOf } from './driven-load.ts';
import { linkedProject } from '../child-processes.ts';
import { fault } from './fault-matrix.ts';
import { replaceLookUp } from './name-service.ts';
import { sendJson } from './stand-in.ts';
import { canMount, expect, hasLogs, test } from './suite-run.ts';

const custom = ['--project=custom', 'health-agent'];

const load = users({ count: 2, spawnRate: 10, duration: '2s' });
const healthAgent = (environment: Readonly<Record<string, string>>) => ({
  system: 'health-agent',
  environment,
});

test('a wrong key stops at preflight: task, URL, status, body; no load was sent', async ({}, testInfo) => {
  const service = await launchReference('health-agent');
  try {
    const keyed = { HEALTH_AGENT_URL: service.url, HEALTH_AGENT_API_KEY: 'wrong' };
    const refusal = await refusalOf(
      drivenLoad(testInfo, healthAgent(keyed), healthAgentUser, load),
    );
    expect(refusal).toContain('Preflight: task "chat" ended failed (status 401)');
    expect(refusal).toContain(`POST ${service.url}/api/v1/chat → 401`);
    expect(refusal).toContain('the header X-API-Key is missing or wrong');
    expect(refusal).not.toContain('HEALTH_AGENT_API_KEY is not set');
    expect(hasBegun(testInfo)).toBe(false);
    // By the service's own count.
    const metrics = await fetch(`${service.url}/api/v1/metrics`);
    expect(((await metrics.json()) as { requests: unknown }).requests).toEqual({
      total: 2,
      by_endpoint: { 'GET /health': { 200: 1 }, 'POST /api/v1/chat': { 401: 1 } },
    });
    // If no key was sent, the refusal names its variable.
    const keyless = healthAgent({ HEALTH_AGENT_URL: service.url });
    const without = await refusalOf(drivenLoad(testInfo, keyless, healthAgentUser, load));
    expect(without).toContain('Preflight: task "chat" ended failed (status 401)');
    expect(without).toContain('HEALTH_AGENT_API_KEY is not set, so no key was sent');
  } finally {
    await service.stop();
  }
});

test('a refusal names what the system complained of, and the setting that changes it', async ({
  standIn,
}, testInfo) => {
  const answers = {
    field: {
      error: { message: "Unsupported parameter: 'message' is not supported", param: 'message' },
    },
    header: { message: 'Either x-portkey-config or x-portkey-provider header is required' },
  };
  const key = { HEALTH_AGENT_API_KEY: 'one-that-is-known' };
  const refused = async (status: number, body: object, own: Record<string, string> = key) => {
    const system = await standIn((request, response) => {
      if (request.path !== '/health') sendJson(response, status, body);
      return request.path !== '/health';
    });
    const driven = healthAgent({ HEALTH_AGENT_URL: system.url, ...own });
    return refusalOf(drivenLoad(testInfo, driven, healthAgentUser, load));
  };
  expect(await refused(400, answers.field)).toContain(
    `complains of the field "message": HEALTH_AGENT_BODY changes it, such as HEALTH_AGENT_BODY='{"message":null}'`,
  );
  expect(await refused(400, answers.header)).toContain(
    `header "x-portkey-provider": HEALTH_AGENT_HEADERS='{"x-portkey-provider":"…"}' sets it`,
  );
  const hint = 'HEALTH_AGENT_API_KEY is ';
  expect(await refused(401, {})).toContain(`${hint}set, but its key was refused`);
  expect(await refused(403, {}, {})).toContain(`${hint}not set, so no key was sent`);
  // If the key is in a header of the user's own, the variable is not mentioned.
  const inHeader = { HEALTH_AGENT_HEADERS: '{"api-key":"one-that-is-wrong"}' };
  const told = await refused(401, {}, inHeader);
  expect(told).toContain('the key in the header "api-key" was refused');
  expect(told + (await refused(403, {}, inHeader))).not.toContain(hint);
  for (const status of [400, 403, 404]) {
    expect(await refused(status, {})).not.toContain(hint);
  }
});

test('what a busy service refuses before a load is asked again, and the report says so', async ({
  standIn,
}, testInfo) => {
  const answered: Record<string, number> = {};
  const system = await standIn(({ path, isLoad }, response) => {
    const count = (answered[path] ?? 0) + 1;
    answered[path] = count;
    // The first health check, and the first try of each task.
    const isBusy = count === 1 && !isLoad && path !== '/api/v1/metrics';
    if (isBusy) sendJson(response, 503, { error: 'too many requests at once' });
    return isBusy;
  });
  const driven = healthAgent({ HEALTH_AGENT_URL: system.url });
  const { loads } = await drivenLoad(testInfo, driven, healthAgentUser, load);
  const notes = loads[0]?.notes.filter((note) => note.startsWith('preflight: '));
  expect(notes).toContain(
    'preflight: the health check went through after one failure (status 503)',
  );
  expect(notes).toContain('preflight: task "chat" went through after one failure (status 503)');
});

test(
  'a foreign host is refused by its name, before any look-up',
  {
    annotation: [fault(16), fault(34)],
  },
  async ({}, testInfo) => {
    const url = 'http://loadwright.invalid:9';
    const refusedWith = async (allowed: string): Promise<{ refusal: string; names: string[] }> => {
      const names: string[] = [];
      const restore = replaceLookUp((lookUp, name, ...asked) => {
        names.push(name);
        Reflect.apply(lookUp, undefined, [name, ...asked]);
      });
      try {
        const driven = healthAgent({ HEALTH_AGENT_URL: url, LOAD_ALLOW_HOSTS: allowed });
        const refusal = await refusalOf(drivenLoad(testInfo, driven, healthAgentUser, load));
        return { refusal, names };
      } finally {
        restore();
      }
    };
    const foreign = await refusedWith('');
    expect(foreign.refusal).toContain(`${url}: load is sent to this machine only`);
    expect(foreign.refusal).toContain('LOAD_ALLOW_HOSTS=loadwright.invalid');
    expect(foreign.names).not.toContain('loadwright.invalid');

    const allowed = await refusedWith('loadwright.invalid');
    expect(allowed.refusal).toMatch(/loadwright\.invalid:9\/health: dns .*(ENOTFOUND|EAI_AGAIN)/);
    expect(allowed.names).toContain('loadwright.invalid');
    expect(hasBegun(testInfo)).toBe(false);
  },
);

test(
  'a system that is down, or not healthy, gets no load',
  { annotation: fault(16) },
  async ({ standIn }, testInfo) => {
    const gone = await standIn();
    gone.stop();
    const sick = await standIn(({ path }, response) => {
      if (path === '/health') sendJson(response, 503, { status: 'migrating' });
      return path === '/health';
    });
    const refusals: string[] = [];
    for (const { url } of [gone, sick]) {
      const driven = healthAgent({ HEALTH_AGENT_URL: url });
      refusals.push(await refusalOf(drivenLoad(testInfo, driven, healthAgentUser, load)));
    }
    for (const refusal of refusals) {
      expect(refusal).toContain('Preflight: the system is not healthy, so no load was sent');
    }
    expect(refusals[0]).toContain(`${gone.url}/health: refused `);
    expect(refusals[1]).toContain(`${sick.url}/health: status 503 {"status":"migrating"}`);
    // A 5xx is tried three more times.
    expect([hasBegun(testInfo), sick.requests]).toEqual([false, 4]);
  },
);

test('a bare run sends no load, and starts no service; the list of all projects has the loads', async ({
  run,
}) => {
  const cwd = linkedProject(test.info().outputPath('project'), ['tests/systems']);
  const plain = `import { test } from '@playwright/test';\ntest('is no load', () => {});\n`;
  writeFileSync(join(cwd, 'tests/plain.spec.ts'), plain);
  const folder = join(cwd, 'reports/run');
  const settings = { LOAD_RUN_DIR: folder };
  const [bare, listed] = await Promise.all([
    run({ cwd, settings }),
    run({ cwd, settings, words: ['--list', '--project=*', 'systems/'] }),
  ]);
  expect(bare.code, bare.output).toBe(0);
  expect(bare.stdout).toContain('1 passed');
  expect(hasLogs(folder)).toBe(false);

  expect([listed.code, listed.stderr]).toEqual([0, '']);
  expect(listed.stdout).toContain('[spike] › tests/systems/health-agent.spec.ts');
  expect(listed.stdout).not.toContain('is no load');
});

const noDuration =
  '"10 parsecs" is no duration; accepted: 250ms, 10s, 1m 30s, 2h, or milliseconds as a number ' +
  '(0 to 30 days)';
const wrongSettings = {
  LOAD_TIME_SCALE: 'NaN',
  LOAD_DURATION: '10 parsecs',
  LOAD_USERS: '',
  LOAD_USERZ: '3',
};

test(
  'wrong settings are refused with field, value and what is accepted, all at once',
  { annotation: fault(31) },
  async ({ run, standIn }) => {
    const system = await standIn();
    const here = { HEALTH_AGENT_URL: system.url };
    const wrong = await run({ words: custom, settings: { ...here, ...wrongSettings } });
    // Errors that concern the whole run are reported by their message only.
    expect(wrong.stderr.trim().split('\n').sort()).toEqual([
      `LOAD_DURATION="10 parsecs": ${noDuration}`,
      'LOAD_TIME_SCALE="NaN": a number above 0, at most 1',
      'LOAD_USERS="": a whole number',
      'LOAD_USERZ: no such setting; did you mean LOAD_USERS?',
    ]);
    expect([wrong.code, hasLogs(wrong.folder)]).toEqual([1, false]);
    expect(system.requests).toBe(0);
  },
);

test('a run folder below a file is refused', { annotation: fault(6) }, ({}, testInfo) => {
  const file = testInfo.outputPath('file');
  writeFileSync(file, '');
  const folder = join(file, 'reports', 'run');
  expect(() => {
    refuseUnusableFolder(folder);
  }).toThrow(`LOAD_RUN_DIR=${folder}: ${file} is no folder; accepted is`);
});

test(
  'a read-only run folder is refused before the first request',
  { annotation: fault(6) },
  async ({ run, standIn }) => {
    test.skip(!canMount(), 'this machine lets no test mount a file system');
    const system = await standIn();
    const folder = test.info().outputPath('reports', 'run');
    mkdirSync(folder, { recursive: true });
    const settings = { HEALTH_AGENT_URL: system.url, LOAD_RUN_DIR: folder };
    const mount = `mount -t tmpfs -o ro none ${folder}`;
    const { code, output } = await run({ words: custom, settings, mount });
    expect(code).toBe(1);
    expect(output).toContain(`LOAD_RUN_DIR=${folder}: EROFS: read-only file system`);
    expect(system.requests).toBe(0);
  },
);

test(
  'a disk that fills up during the run: judged and printed from memory, and red',
  { annotation: fault(6) },
  async ({ run, standIn }) => {
    test.skip(!canMount(), 'this machine lets no test mount a file system');
    const system = await standIn();
    const folder = test.info().outputPath('reports', 'run');
    mkdirSync(folder, { recursive: true });
    const settings = { LOAD_USERS: '5', LOAD_DURATION: '3s', LOAD_THINK: '20ms' };
    const { code, output } = await run({
      words: custom,
      settings: { ...settings, HEALTH_AGENT_URL: system.url, LOAD_RUN_DIR: folder },
      // Four pages: the folder's mark has one, the plan fits in, and a second or two.
      mount: `mount -t tmpfs -o size=16k none ${folder}`,
    });
    expect(code).toBe(1);
    expect(output).toContain('interval log not written: ');
    expect(output).toContain('ENOSPC');
    expect(output).toMatch(
      new RegExp(`Scheduled: ${system.loadRequests}, the sum of the outcomes`),
    );
    expect(output).toMatch(/\d of \d budgets judged|Budgets met: all \d/);
  },
);
