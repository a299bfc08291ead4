/** Servers that report nothing about themselves are probed with pages that the suite serves. */
import { expect, test } from '@playwright/test';
import { launchReference } from '../../fixtures/reference/launch.ts';
import {
  probeFamiliesIn,
  type ProbeFamilyReport,
} from '../../load/systems/mcp-server/probe-families.ts';
import type { LoadRun } from '../../load/run/load-run.ts';
import { mcpSettings } from '../../load/systems/mcp-server/settings.ts';
import { sandboxProbesUser } from '../../load/systems/mcp-server/probes-user.ts';
import { catalogue } from '../../load/systems/mcp-server/probe-catalogue.ts';
import { noThinkTime } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { users } from '../../load/workload/users.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { relayTo } from '../contracts/relay.ts';
import { runForReal } from '../instrument/real-load.ts';

const web = catalogue.filter(({ family }) => family === 'web');
const patienceMs = 60_000;

/** The results of the web family, when all of it was answered. */
async function probedWeb(
  server: 'mcp-server' | 'mcp-server-leaky',
  { isAllowed }: { readonly isAllowed: boolean },
): Promise<ProbeFamilyReport> {
  const pagesUrl = `http://127.0.0.1:${await freePort()}`;
  const env = isAllowed ? { REFERENCE_MCP_PAGES: pagesUrl } : {};
  const service = await launchReference(server, { env });
  const relay = await relayTo(service.url);
  const during = async (run: LoadRun): Promise<void> => {
    const untilMs = performance.now() + patienceMs;
    const isWholeAnswered = (): boolean => {
      const calls = [...relay.seen.keys()].filter((i) => relay.seen[i]!.endsWith(' web_scrape'));
      const first = calls.slice(0, web.length);
      return first.length === web.length && first.every((number) => relay.isAnswered(number));
    };
    while (!isWholeAnswered() && performance.now() < untilMs) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    run.stop({ cause: 'completed', detail: 'all of them have been answered' });
  };
  const environment = { MCP_SERVER_HEALTH: 'none', MCP_SERVER_PAGES_URL: pagesUrl };
  const { result } = await runForReal({
    url: relay.url,
    shortened: true,
    during: (run) => void during(run),
    user: sandboxProbesUser(mcpSettings(environment)) as unknown as UserDefinition,
    workload: users({ count: 4, spawnRate: 1000, duration: '2m', thinkTime: noThinkTime }),
  });
  await relay.close();
  await service.stop();
  await expect(fetch(`${pagesUrl}/pages/1`)).rejects.toThrow();
  return probeFamiliesIn(result).find(({ family }) => family === 'web')!;
}

test('the leaky server: every hole that needs pages is found', async () => {
  const report = await probedWeb('mcp-server-leaky', { isAllowed: true });
  expect(report.judgeable).toBe(report.inCatalogue);
  expect(report.lacking).toBeUndefined();
  expect(report.found.map(({ probe }) => probe).sort()).toEqual([
    'web-3a',
    'web-3b',
    'web-3c',
    'web-4a',
  ]);
  expect(report.refusedControls).toBe(0);
  expect(report.controls).toBeGreaterThan(0);
});

test('the sandboxed server withstands all of them, and reads the page that it may', async () => {
  const report = await probedWeb('mcp-server', { isAllowed: true });
  expect(report).toMatchObject({ judgeable: report.inCatalogue, violations: 0, found: [] });
  expect(report.probes).toBe(report.inCatalogue);
  expect(report.refusedControls).toBe(0);
  expect(report.controls).toBeGreaterThan(0);
});

test('a server that may not read these pages is told by the control', async () => {
  const report = await probedWeb('mcp-server', { isAllowed: false });
  expect(report.found.map(({ probe }) => probe)).toEqual(['web-allow']);
  expect(report.found[0]!.evidence).toContain('only pages of the page server may be fetched');
  expect(report.refusedControls).toBe(report.controls);
});
