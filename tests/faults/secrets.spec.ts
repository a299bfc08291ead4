/** The API key is in nothing that a run leaves or prints, whatever the system answers (fault matrix, 30). */
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { htmlReportText, textOfFiles } from './left-reports.ts';
import { sendJson, type Misbehaviour } from './stand-in.ts';
import { expect, hasLogs, test } from './suite-run.ts';

const key = 'Qz7planted4Secret9Xw2';
const custom = { LOAD_USERS: '5', LOAD_DURATION: '3s', LOAD_THINK: '50ms', LOAD_SAMPLES: '1' };

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
  { annotation: { type: 'fault', description: '30' } },
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

test(
  'a system that echoes the key at preflight, or knows it by itself',
  { annotation: { type: 'fault', description: '30' } },
  async ({ run, standIn }) => {
    const echoing = await standIn(({ path, key: sent }, response) => {
      if (path !== '/health') sendJson(response, 401, { error: `who is ${sent}?` });
      return path !== '/health';
    });
    const telling = await standIn(({ path }, response) => {
      if (path === '/health') sendJson(response, 500, { environment: { API_KEY: key } });
      return path === '/health';
    });
    const runs = await Promise.all(
      [echoing, telling].map(({ url }) => {
        const settings = { ...custom, HEALTH_AGENT_URL: url, HEALTH_AGENT_API_KEY: key };
        return run({ words: ['--project=custom', 'health-agent'], settings });
      }),
    );
    for (const { code, output, folder } of runs) {
      expect(code).toBe(1);
      expect(output).toContain('***');
      expect(hasLogs(folder)).toBe(false);
      for (const text of [output, textOfFiles(dirname(folder))])
        expect(text).not.toContain(fragment);
      expect(htmlReportText(`${dirname(folder)}/html`)).not.toContain(fragment);
    }
  },
);

test(
  'an address with a password in it is refused, and not repeated',
  { annotation: { type: 'fault', description: '30' } },
  async ({ run, standIn }) => {
    const system = await standIn();
    const url = system.url.replace('//', `//ada:${key}@`);
    const settings = { ...custom, HEALTH_AGENT_URL: url };
    const { code, output, folder } = await run({
      words: ['--project=custom', 'health-agent'],
      settings,
    });
    expect(code).toBe(1);
    expect(output).toContain('HEALTH_AGENT_URL: an address with a user, a password');
    expect(output).toContain('HEALTH_AGENT_API_KEY');
    expect(system.requests).toBe(0);
    for (const text of [output, textOfFiles(dirname(folder))]) expect(text).not.toContain(fragment);
    expect(htmlReportText(`${dirname(folder)}/html`)).not.toContain(fragment);
  },
);
