/** A target that goes away during a load and comes back: the outage is shown at its time. */
import { expect, test } from '@playwright/test';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { outcomesIn } from '../../load/report/text/outcomes.ts';
import type { LoadRun } from '../../load/run/load-run.ts';
import { constant } from '../../load/workload/think-time.ts';
import { defineUser, type UserDefinition } from '../../load/user/define-user.ts';
import { users } from '../../load/workload/users.ts';
import { listening } from '../contracts/client-harness.ts';
import { allOutcomes, runForReal } from '../instrument/real-load.ts';
import { fault } from './fault-matrix.ts';

const before = 30;
const during = 50;
const after = 30;

test(
  'a target that restarts: errors from then to then, good answers before and after',
  { annotation: fault(27) },
  async () => {
    const server = createServer((_, response) => response.end('here'));
    const { url, port } = await listening(server);
    const nowMs = (): number => performance.timeOrigin + performance.now();
    let [downAtMs, upAtMs] = [NaN, NaN];
    let asked = 0;
    let load: LoadRun;
    // One user, one request after the other, so it does not depend on time which of them meets the
    // outage.
    const user = defineUser({
      system: 'local',
      thinkTime: constant('25ms'),
      tasks: {
        ask: {
          run: async ({ http }) => {
            if (asked === before) {
              downAtMs = nowMs();
              server.closeAllConnections();
              await once(server.close(), 'close');
            }
            if (asked === before + during) {
              await once(server.listen(port, '127.0.0.1'), 'listening');
              upAtMs = nowMs();
            }
            asked += 1;
            await http.get('/');
            if (asked === before + during + after) {
              load.stop({ cause: 'completed', detail: 'all was asked' });
            }
          },
        },
      },
    });
    const { result, verdict, text } = await runForReal({
      url,
      shortened: true,
      user: user as unknown as UserDefinition,
      workload: users({ count: 1, spawnRate: 10, duration: '60s' }),
      during: (run) => (load = run),
    });
    server.close();
    server.closeAllConnections();

    expect(verdict.verdict, text).not.toBe('pass');
    expect(allOutcomes(result)).toEqual({ ok: before + after, failed: during });
    const { startedAtEpochMs } = result.plan;
    const [from, to] = [downAtMs - startedAtEpochMs, upAtMs - startedAtEpochMs];
    for (const { kind, firstMs, lastMs } of outcomesIn(result).errors) {
      // The old connection may be used once more, before its end is noticed. How long that takes on this
      // machine decides which of the two kinds it is.
      expect(['refused', 'closedIdle', 'reset']).toContain(kind);
      expect(firstMs).toBeGreaterThan(from);
      expect(lastMs).toBeLessThan(to);
    }
    // The time series shows it, and only at its time.
    const failed = result.timeline.filter(({ tasks }) => tasks['']?.outcomes.failed);
    expect(failed.length).toBeGreaterThan(0);
    for (const { startMs, endMs } of failed) {
      expect(endMs).toBeGreaterThan(from);
      expect(startMs).toBeLessThan(to);
    }
  },
);
