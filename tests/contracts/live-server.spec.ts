/** The server of the live page on a real socket: access, answers and events. */
import { expect, test as base } from '@playwright/test';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { mostBodyBytes } from '../../load/live/gate.ts';
import type { LiveActions } from '../../load/live/live-actions.ts';
import { LiveServer } from '../../load/live/live-server.ts';
import { mostViewers } from '../../load/live/viewers.ts';
import { ownMark } from '../../load/settings/own-folder.ts';
import { repeat } from '../engine/budgets/make-result.ts';
import { requests, writeLog } from '../engine/report/make-log.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

interface Ask {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The actions that were called, by name. */
function recorded(): { actions: LiveActions; calls: unknown[] } {
  const calls: unknown[] = [];
  const note = (name: string) => (given: unknown) => {
    calls.push([name, given]);
    return [];
  };
  const actions: LiveActions = {
    startable: () => Promise.resolve([]),
    check: note('check'),
    start: note('start'),
    saved: () => [],
    save: note('save'),
    startSaved: note('startSaved'),
    stop: note('stop'),
    steer: note('steer'),
    running: () => ['under-way'],
    startedOf: () => undefined,
  };
  return { actions, calls };
}

const test = base.extend<{
  reports: string;
  calls: unknown[];
  live: LiveServer;
  /** A request like the page's own, with the test's changes. */
  ask: (what: Ask) => Promise<Answer>;
  cookie: string;
}>({
  reports: async ({}, use, testInfo) => {
    const reports = testInfo.outputPath('reports');
    writeLog(join(reports, 'earlier/shop.ndjson'), { seconds: [[requests(repeat(50, 80))]] });
    await use(reports);
  },
  calls: async ({}, use) => {
    await use([]);
  },
  live: async ({ reports, calls }, use) => {
    const { actions, calls: own } = recorded();
    const push = own.push.bind(own);
    own.push = (...items) => {
      calls.push(...items);
      return push(...items);
    };
    const live = await LiveServer.open({ reports, actions });
    await use(live);
    await live.close();
  },
  cookie: async ({ live }, use) => {
    const { headers } = await raw(live.port, { path: new URL(live.url).search.replace('?', '/?') });
    await use(String(headers['set-cookie']).split(';')[0]!);
  },
  ask: async ({ live, cookie }, use) => {
    const origin = `http://127.0.0.1:${live.port}`;
    await use(({ headers = {}, ...what }) =>
      raw(live.port, {
        ...what,
        headers: { cookie, origin, 'content-type': 'application/json', ...headers },
      }),
    );
  },
});

function raw(port: number, { method = 'GET', path = '/', headers = {}, body }: Ask) {
  return new Promise<Answer>((resolve, reject) => {
    const own = request({ port, host: '127.0.0.1', method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => {
        const { statusCode: status = 0, headers: answered } = response;
        resolve({ status, body: text, headers: answered });
      });
    });
    own.on('error', reject);
    own.end(body);
  });
}

const stop = { method: 'POST', path: '/api/stop', body: '{"run":"under-way"}' } as const;

/** Each of these differs from the page's own request, and is refused with this status and text. */
const refused: Readonly<Record<string, Ask & { readonly status: number; readonly says: string }>> =
  {
    'another host': { ...stop, headers: { host: 'evil.example:80' }, status: 403, says: 'Host' },
    'a name that was made to resolve to loopback': {
      headers: { host: 'localhost.evil.example' },
      status: 403,
      says: 'Host',
    },
    'another origin': {
      ...stop,
      headers: { origin: 'http://evil.example' },
      status: 403,
      says: 'Origin',
    },
    'another port of this machine': {
      ...stop,
      headers: { origin: 'http://127.0.0.1:1' },
      status: 403,
      says: 'Origin',
    },
    'an origin that is hidden': {
      ...stop,
      headers: { origin: 'null' },
      status: 403,
      says: 'Origin',
    },
    'a page of another site': {
      headers: { 'sec-fetch-site': 'cross-site' },
      status: 403,
      says: 'Sec-Fetch-Site',
    },
    'no token': { ...stop, headers: { cookie: '' }, status: 401, says: 'token' },
    'a wrong token': { path: '/?token=wrong', headers: { cookie: '' }, status: 401, says: 'token' },
    'a wrong cookie': { headers: { cookie: 'loadwright-1=wrong' }, status: 401, says: 'token' },
    'a body that is too long': {
      ...stop,
      body: JSON.stringify({ run: 'x'.repeat(mostBodyBytes) }),
      status: 413,
      says: `${mostBodyBytes} bytes`,
    },
    'a body that is no JSON': { ...stop, body: '{"run":', status: 400, says: 'JSON' },
    'JSON of another shape': { ...stop, body: '[1]', status: 400, says: 'expected object' },
    'a field that is none': {
      ...stop,
      body: '{"run":"a","shell":"b"}',
      status: 400,
      says: 'shell',
    },
    'a form of another page': {
      ...stop,
      headers: { 'content-type': 'text/plain' },
      status: 415,
      says: 'application/json',
    },
    'a method that is none of these': { method: 'DELETE', status: 405, says: 'GET and POST' },
    'an address that is too long': { path: `/${'x'.repeat(3000)}`, status: 414, says: '2048' },
    'broken percent encoding': { path: '/report/%E0%A4%A/x/y', status: 400, says: 'path' },
    'what is not there': { path: '/api/shell', status: 404, says: 'no such thing' },
    'a run that is none': { path: '/events?run=none', status: 404, says: 'no such run' },
    'a run above the reports': { path: '/events?run=..', status: 404, says: 'no such run' },
    'the removal of a run that is under way': {
      method: 'POST',
      path: '/api/delete',
      body: '{"run":"under-way"}',
      status: 409,
      says: 'under way',
    },
  };

for (const [what, { status, says, ...asked }] of Object.entries(refused)) {
  test(`refused: ${what}`, async ({ ask, calls }) => {
    const { body, ...answer } = await ask(asked);
    expect(answer.status, body).toBe(status);
    expect(body).toContain(says);
    expect(calls).toEqual([]);
  });
}

test('what the page itself asks is done', async ({ ask, calls, live, cookie }) => {
  expect((await ask(stop)).status).toBe(200);
  expect(calls).toEqual([['stop', 'under-way']]);
  expect(
    (
      await ask({
        ...stop,
        headers: { origin: `http://localhost:${live.port}`, host: `localhost:${live.port}` },
      })
    ).status,
  ).toBe(200);
  expect(live.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{32}$/);
  const { headers } = await ask({ path: new URL(live.url).search.replace('?', '/?') });
  expect(String(headers['set-cookie'])).toBe(`${cookie}; HttpOnly; SameSite=Strict; Path=/`);
});

test('without actions nothing can be done', async ({ reports }) => {
  const live = await LiveServer.open({ reports });
  const origin = `http://127.0.0.1:${live.port}`;
  const token = new URL(live.url).search;
  const { headers } = await raw(live.port, { path: `/${token}` });
  const cookie = String(headers['set-cookie']).split(';')[0]!;
  const own = { cookie, origin, 'content-type': 'application/json' };
  for (const path of ['stop', 'start', 'steer', 'save', 'delete']) {
    const answer = await raw(live.port, { ...stop, path: `/api/${path}`, headers: own });
    expect([path, answer.status]).toEqual([path, 404]);
  }
  await live.close();
});

test('files of a run are read by the key of reports, in an origin of their own, and none beside them', async ({
  ask,
  live,
  reports,
}) => {
  writeFileSync(join(reports, 'secret.txt'), 'secret');
  writeFileSync(join(reports, 'earlier/index.html'), '<p>report</p>');
  writeFileSync(join(reports, 'earlier/.hidden'), 'secret');
  symlinkSync('../secret.txt', join(reports, 'earlier/link.txt'));
  const { files } = JSON.parse((await ask({ path: '/api/home' })).body) as { files: string };
  const read = (path: string): Promise<Answer> => raw(live.port, { path });
  const report = await read(`${files}earlier/index.html`);
  expect([report.status, report.body]).toEqual([200, '<p>report</p>']);
  expect(report.headers['content-security-policy']).toContain('sandbox');
  const others = [
    `${files}earlier/..%2fsecret.txt`,
    `${files}earlier/%2e%2e/secret.txt`,
    `${files}../secret.txt`,
    `${files}earlier/.hidden`,
    `${files}earlier/none.html`,
    `${files}earlier/link.txt`,
    `${files.slice(0, -4)}xxx/earlier/index.html`,
    '/report//earlier/index.html',
  ];
  for (const path of others) {
    const { status, body } = await read(path);
    expect([path, status >= 400, body.includes('secret')]).toEqual([path, true, false]);
  }
});

test('a run is removed where a load run made it; a link, and what others made, is kept', async ({
  ask,
  reports,
}) => {
  const remove = (run: string): Promise<Answer> =>
    ask({ method: 'POST', path: '/api/delete', body: JSON.stringify({ run }) });
  expect(await remove('earlier')).toMatchObject({ status: 409 });
  writeFileSync(join(reports, 'earlier', ownMark), '');
  expect(await remove('earlier')).toMatchObject({ status: 409 });
  // The run is over, since it has a report.
  writeFileSync(join(reports, 'earlier/results.json'), '{}');
  symlinkSync('earlier', join(reports, 'latest'));
  mkdirSync(join(reports, 'html'));
  for (const name of ['latest', 'html', '.', '..', 'earlier/..', '']) {
    expect((await remove(name)).status, name).toBeGreaterThanOrEqual(400);
  }
  expect(existsSync(join(reports, 'earlier/shop.ndjson'))).toBe(true);
  expect(await remove('earlier')).toMatchObject({ status: 200 });
  expect(existsSync(join(reports, 'earlier'))).toBe(false);
});

test('a second viewer is sent the whole; there are no more than twenty', async ({
  live,
  cookie,
}) => {
  const headers = { cookie, host: `127.0.0.1:${live.port}` };
  const open = (): Promise<{ status: number; first: string; close: () => void }> =>
    new Promise((resolve, reject) => {
      const own = request({ port: live.port, path: '/events?run=earlier', headers }, (response) => {
        let first = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          first += part;
          const isWhole = first.endsWith('\n\n') && first.includes('event: whole');
          if (isWhole || response.statusCode !== 200) {
            resolve({ status: response.statusCode!, first, close: () => own.destroy() });
          }
        });
        response.on('error', () => undefined);
      });
      own.on('error', reject);
      own.end();
    });
  const viewers = [];
  for (let n = 0; n < mostViewers; n++) viewers.push(await open());
  const whole = /event: whole\ndata: (.*)\n/.exec(viewers[1]!.first)![1]!;
  expect(JSON.parse(whole)).toMatchObject({
    runId: 'earlier',
    load: { isRunning: false },
  });
  expect(await open()).toMatchObject({ status: 503 });
  viewers[0]!.close();
  await expect.poll(async () => (await open()).status).toBe(200);
});
