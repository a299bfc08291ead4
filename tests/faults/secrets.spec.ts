/** The API key is in nothing that a run leaves or prints, whatever the system answers (fault matrix, 30). */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { inspect } from 'node:util';
import { healthAgentUser } from '../../load/systems/health-agent.ts';
import { users } from '../../load/workload/users.ts';
import { drivenLoad, hasBegun } from './driven-load.ts';
import { fault } from './fault-matrix.ts';
import { htmlReportText, textOfFiles } from './left-reports.ts';
import { sendJson, type Misbehaviour } from './stand-in.ts';
import { expect, test } from './suite-run.ts';

const key = 'Qz7planted4Secret9Xw2';
const custom = { LOAD_USERS: '5', LOAD_DURATION: '2s', LOAD_THINK: '50ms', LOAD_SAMPLES: '1' };

const load = users({ count: 2, spawnRate: 10, duration: '1s' });

/** Ways in which a system echoes what it was sent; the load's requests alternate between them. */
const answers: readonly Misbehaviour[] = [
  () => false,
  ({ key: sent }, response) => {
    sendJson(response, 500, { error: `the key ${sent} is not known` });
    return true;
  },
  ({ key: sent }, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>key: ${sent}</p>`);
    return true;
  },
  // Reports show the first 200 characters, and the cut is within the key.
  ({ key: sent }, response) => {
    response.writeHead(502).end(`${'x'.repeat(190)}${sent}`);
    return true;
  },
  ({ key: sent }, response) => {
    sendJson(response, 200, { user_id: { secret: sent }, xp: sent });
    return true;
  },
];

/** Parts are secret, too: no 8 characters of it may be visible. */
const fragment = key.slice(0, 8);

/** Other secrets in the environment of the run. */
const bystander = 'Bys7ander8Of0thers';
const bystanders = { GITHUB_TOKEN: bystander, API_GATEWAY_KEY: bystander };

test(
  'a system that echoes the key in its answers: in no report, blob or trace',
  { annotation: fault(30) },
  async ({ run, standIn }, testInfo) => {
    const system = await standIn((request, response) =>
      request.isLoad ? answers[request.number % answers.length]!(request, response) : false,
    );
    const blobs = testInfo.outputPath('blobs');
    const target = { HEALTH_AGENT_URL: system.url, HEALTH_AGENT_API_KEY: key };
    const { code, output, folder } = await run({
      words: ['--project=custom', 'health-agent', '--add-reporter=blob', '--trace=on'],
      settings: { ...custom, ...bystanders, ...target, PLAYWRIGHT_BLOB_OUTPUT_DIR: blobs },
    });
    expect(code).toBe(1);
    expect(system.loadRequests).toBeGreaterThan(answers.length);
    expect(readdirSync(blobs)).toEqual([expect.stringMatching(/\.zip$/)]);
    const reports = dirname(folder);
    const [left, html, blob] = [
      textOfFiles(reports),
      htmlReportText(`${reports}/html`),
      textOfFiles(blobs),
    ];
    expect(left).toMatch(/^(test|0-trace)\.trace$/m);
    // The system did echo it, and the reports show where.
    for (const text of [output, left, blob]) expect(text).toContain('the key *** is not known');
    for (const text of [output, left, html, blob]) {
      expect(text).not.toContain(fragment);
      expect(text).not.toContain(bystander);
    }
  },
);

/** Reports show a message, what stands below it, and what caused it. */
async function shownRefusal(driven: Promise<unknown>): Promise<string> {
  const error = await driven.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return inspect(error, { depth: Infinity, showHidden: true });
}

test(
  'a system that echoes the key at preflight, or knows it by itself',
  { annotation: fault(30) },
  async ({ standIn }, testInfo) => {
    const echoing = await standIn(({ path, key: sent }, response) => {
      if (path !== '/health') sendJson(response, 401, { error: `who is ${sent}?` });
      return path !== '/health';
    });
    const telling = await standIn(({ path }, response) => {
      if (path === '/health') sendJson(response, 500, { environment: { API_KEY: key } });
      return path === '/health';
    });
    for (const { url } of [echoing, telling]) {
      const environment = { HEALTH_AGENT_URL: url, HEALTH_AGENT_API_KEY: key };
      const driven = { system: 'health-agent', environment };
      const refusal = await shownRefusal(drivenLoad(testInfo, driven, healthAgentUser, load));
      expect(refusal).toContain('***');
      expect(refusal).not.toContain(fragment);
    }
    expect([echoing.requests > 0, telling.requests > 0]).toEqual([true, true]);
    expect(hasBegun(testInfo)).toBe(false);
  },
);

test(
  'an address with a password in it is refused, and not repeated',
  { annotation: fault(30) },
  async ({ standIn }, testInfo) => {
    const system = await standIn();
    const environment = { HEALTH_AGENT_URL: system.url.replace('//', `//ada:${key}@`) };
    const driven = { system: 'health-agent', environment };
    const refusal = await shownRefusal(drivenLoad(testInfo, driven, healthAgentUser, load));
    expect(refusal).toContain('HEALTH_AGENT_URL: an address with a user, a password');
    expect(refusal).toContain('HEALTH_AGENT_API_KEY');
    expect(refusal).not.toContain(fragment);
    expect(system.requests).toBe(0);
  },
);
