/**
 * Invalid certificates (fault matrix, 24): no load is sent. If a user accepts any certificate on purpose,
 * every report says so.
 */
import { healthAgentUser } from '../../load/systems/health-agent.ts';
import { users } from '../../load/workload/users.ts';
import { drivenLoad, hasBegun, refusalOf } from './driven-load.ts';
import { fault } from './fault-matrix.ts';
import { leftReports } from './left-reports.ts';
import { ownProject } from './own-project.ts';
import { StandIn } from './stand-in.ts';
import { expect, test } from './suite-run.ts';
import { TestAuthority } from '../contracts/test-certificates.ts';

const flag = 'TLS: any certificate is accepted';

const spec = `
const user = { ...healthAgentUser, http: { ...healthAgentUser.http, tls: { acceptAnyCertificate: true } } };

test('holds', { tag: '@custom' }, async ({ runLoad }) => {
  const load = users({ count: 4, spawnRate: 100, duration: '1s', thinkTime: constant('50ms') });
  expect(await runLoad(user, load, { budgets: { errorRate: '< 1 %' } })).toMeetBudget();
});
`;

let authority: TestAuthority;
test.beforeAll(() => {
  authority = new TestAuthority();
});
test.afterAll(() => {
  authority.remove();
});

test('expired or self-signed: no load is sent', { annotation: fault(24) }, async ({}, testInfo) => {
  const load = users({ count: 4, spawnRate: 100, duration: '1s' });
  for (const { pair, tls, told } of [
    {
      pair: authority.issue('IP:127.0.0.1', 'expired'),
      tls: { ca: authority.ca },
      told: 'EXPIRED',
    },
    { pair: authority.selfSigned(), tls: {}, told: 'SELF_SIGNED' },
  ]) {
    const system = await StandIn.start(() => false, pair);
    const user = { ...healthAgentUser, http: { ...healthAgentUser.http, tls } };
    const environment = { HEALTH_AGENT_URL: system.url };
    const driven = drivenLoad(testInfo, { system: 'health-agent', environment }, user, load);
    const refusal = await refusalOf(driven);
    system.stop();
    expect(refusal).toContain('so no load was sent');
    expect(refusal).toMatch(new RegExp(`${system.url}/health: tls .*${told}`));
    expect([system.requests, hasBegun(testInfo)]).toEqual([0, false]);
  }
});

test(
  'a certificate that is accepted on purpose: every report shows it',
  { annotation: fault(24) },
  async ({ run }, testInfo) => {
    const expired = authority.issue('IP:127.0.0.1', 'expired');
    const system = await StandIn.start(() => false, expired);
    const { stdout, folder } = await run({
      cwd: ownProject(testInfo.outputPath('accepted'), spec),
      words: ['--project=custom'],
      settings: {
        HEALTH_AGENT_URL: system.url,
        LOAD_RUN_DIR: testInfo.outputPath('accepted', 'reports', 'run'),
      },
    });
    system.stop();
    expect(system.loadRequests).toBeGreaterThan(0);
    const { results, summary, html, allure } = leftReports(folder);
    expect(results.loads[0]?.totals.all).toMatchObject({ ok: system.loadRequests, failed: 0 });
    for (const text of [stdout, JSON.stringify(results), summary, html, allure]) {
      expect(text).toContain(flag);
    }
  },
);
