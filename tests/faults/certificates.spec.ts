/**
 * Invalid certificates (fault matrix, 24): no load is sent. If a user accepts any certificate on purpose,
 * every report says so.
 */
import { leftReports } from './left-reports.ts';
import { ownProject } from './own-project.ts';
import { StandIn } from './stand-in.ts';
import { expect, hasLogs, test } from './suite-run.ts';
import { TestAuthority } from '../contracts/test-certificates.ts';

const flag = 'TLS: any certificate is accepted';

function spec(tls: object): string {
  return `
const user = { ...healthAgentUser, http: { ...healthAgentUser.http, tls: ${JSON.stringify(tls)} } };

test('holds', { tag: '@custom' }, async ({ runLoad }) => {
  const load = users({ count: 4, spawnRate: 100, duration: '2s', thinkTime: constant('50ms') });
  expect(await runLoad(user, load, { budgets: { errorRate: '< 1 %' } })).toMeetBudget();
});
`;
}

let authority: TestAuthority;
test.beforeAll(() => {
  authority = new TestAuthority();
});
test.afterAll(() => {
  authority.remove();
});

test(
  'expired or self-signed: no load is sent; accepted on purpose, every report shows it',
  { annotation: { type: 'fault', description: '24' } },
  async ({ startRun }, testInfo) => {
    const expired = authority.issue('IP:127.0.0.1', 'expired');
    const cases = [
      { name: 'expired', pair: expired, tls: { ca: authority.ca } },
      { name: 'self-signed', pair: authority.selfSigned(), tls: {} },
      { name: 'accepted', pair: expired, tls: { acceptAnyCertificate: true } },
    ];
    const systems = await Promise.all(cases.map(({ pair }) => StandIn.start(() => false, pair)));
    const runs = cases.map(({ name, tls }, i) =>
      startRun({
        cwd: ownProject(testInfo.outputPath(name), spec(tls)),
        words: ['--project=custom'],
        settings: {
          HEALTH_AGENT_URL: systems[i]!.url,
          LOAD_RUN_DIR: testInfo.outputPath(name, 'reports', 'run'),
        },
      }),
    );
    const ends = await Promise.all(runs.map(({ exited }) => exited));
    for (const system of systems) system.stop();
    runs.slice(0, 2).forEach((run, i) => {
      expect(ends[i]?.code).toBe(1);
      expect(run.output).toContain('so no load was sent');
      expect(run.output).toMatch(
        new RegExp(`${systems[i]!.url}/health: tls .*(EXPIRED|SELF_SIGNED)`),
      );
      expect([systems[i]?.requests, hasLogs(run.folder)]).toEqual([0, false]);
    });

    const [, , accepted] = runs;
    expect(systems[2]?.loadRequests).toBeGreaterThan(0);
    const { results, summary, html, allure } = leftReports(accepted!.folder);
    expect(results.loads[0]?.totals.all).toMatchObject({ ok: systems[2]?.loadRequests, failed: 0 });
    for (const text of [accepted!.stdout, JSON.stringify(results), summary, html, allure]) {
      expect(text).toContain(flag);
    }
  },
);
