/** Unreadable metrics (fault matrix, 28) are reported as unknown, never as 0, and do not affect the load. */
import type { ServerResponse } from 'node:http';
import { prometheus, share } from '../../load/monitor/prometheus.ts';
import { defineUser } from '../../load/user/define-user.ts';
import { constant } from '../../load/workload/think-time.ts';
import { users } from '../../load/workload/users.ts';
import { drivenLoad } from './driven-load.ts';
import { fault } from './fault-matrix.ts';
import { expect, test } from './suite-run.ts';

const path = '/api/v1/metrics';
const user = defineUser({
  system: 'health-agent',
  health: '/health',
  thinkTime: constant('50ms'),
  monitor: prometheus(path, {
    cacheHitRate: [share({ name: 'hits_total' }, { name: 'reads_total' })],
  }),
  tasks: {
    ask: {
      run: async ({ http }) => {
        await http.get('/ask');
      },
    },
  },
});
/** A reading may take as long as the time between two: too short for so large a page on a busy machine. */
const intervalFor = (what: string): string => (what === '100 MB' ? '20s' : '500ms');
const load = { ...users({ count: 5, spawnRate: 50, duration: '1s' }), isShortened: true };

/** 100 MB, as fast as they are read. */
function sendLarge(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 100_000_000 });
  const block = Buffer.from('# one of very many lines\n'.repeat(4000));
  const pump = (): void => {
    while (!response.destroyed && response.write(block));
  };
  response.on('drain', pump);
  pump();
}

const answers: readonly (readonly [
  what: string,
  (response: ServerResponse) => void,
  told: RegExp,
])[] = [
  [
    '404',
    (response) => void response.writeHead(404).end('nothing here'),
    /: status 404 nothing here$/,
  ],
  ['502', (response) => void response.writeHead(502).end('<html>bad gateway'), /: status 502 /],
  [
    'a page of HTML',
    (response) => void response.end('<html><body>log in</body></html>'),
    /: the answer is a page of HTML$/,
  ],
  ['100 MB', sendLarge, /: tooLarge /],
  ['nothing, ever', () => undefined, /: timeout /],
];

for (const [what, answer, told] of answers) {
  test(
    `metrics that answer ${what}: unknown and told, never 0; every request of the load is ok`,
    { annotation: fault(28) },
    async ({ standIn }, testInfo) => {
      const system = await standIn(({ path: asked }, response) => {
        if (asked === path) answer(response);
        return asked === path;
      });
      const environment = {
        HEALTH_AGENT_URL: system.url,
        LOAD_MONITOR_INTERVAL: intervalFor(what),
      };
      const driven = { system: 'health-agent', environment };
      const { loads } = await drivenLoad(testInfo, driven, user, load, { cacheHitRate: '> 50 %' });
      const [{ totals, judgements, notes }] = loads as [(typeof loads)[number]];
      expect(totals.all).toMatchObject({ ok: totals.scheduled });
      expect(judgements.find(({ name }) => name === 'cacheHitRate')).toMatchObject({
        status: 'no-data',
        samples: 0,
      });
      expect(notes.find((note) => note.includes(path))).toMatch(told);
    },
  );
}
