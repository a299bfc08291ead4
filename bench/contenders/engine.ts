/** The whole engine: executor, client, recorder, interval log on disk. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { outcomesOf, selectSeries } from '../../load/metrics/result/select.ts';
import { defined } from '../../load/platform/defined.ts';
import { defineUser, type UserDefinition } from '../../load/user/define-user.ts';
import { users } from '../../load/workload/users.ts';
import { engineRun } from '../engine-run.ts';
import { connections, type Contender } from './contender.ts';

const reply = z.object({ response: z.string().min(1), timestamp: z.string(), user_id: z.string() });

function userOf(schema: z.ZodType | undefined): UserDefinition {
  const options = defined({ expect: schema });
  return defineUser<unknown, unknown, string, string>({
    system: 'local',
    tasks: {
      ask: {
        deadline: '15s',
        run: async ({ http }) => {
          await http.get('/', options);
        },
      },
    },
  });
}

function engineOf(schema: z.ZodType | undefined): Contender {
  return {
    async send(url, durationMs) {
      const folder = mkdtempSync(join(tmpdir(), 'loadwright-bench-'));
      const run = engineRun({
        url,
        user: userOf(schema),
        workload: users({ count: connections, spawnRate: 1e6, duration: durationMs }),
        logPath: join(folder, 'log.ndjson'),
      });
      const result = await run.run();
      rmSync(folder, { recursive: true });
      const { ok = 0, ...others } = outcomesOf(selectSeries(result, { phases: 'all' }));
      if (Object.keys(others).length > 0) throw new Error(`engine: ${JSON.stringify(others)}`);
      return ok;
    },
  };
}

/** Only the status is judged. */
export const engine = engineOf(undefined);
/** Every body is parsed as JSON and checked with a zod schema. */
export const engineJson = engineOf(reply);
