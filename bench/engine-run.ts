/** A load as `runLoad` composes it, without Playwright. */
import { httpClients } from '../load/clients/http/http-clients.ts';
import { LoadRun } from '../load/run/load-run.ts';
import { wholeLoad, type Slice } from '../load/workload/slice.ts';
import type { UserDefinition } from '../load/user/define-user.ts';
import type { Workload } from '../load/workload/workload.ts';

export interface EngineLoad {
  readonly url: string;
  readonly user: UserDefinition;
  readonly workload: Workload;
  readonly logPath?: string;
  /** Default: the whole load. */
  readonly slice?: Slice;
}

export function engineRun({
  url,
  user,
  workload,
  logPath,
  slice = wholeLoad,
}: EngineLoad): LoadRun {
  const identity = { testId: 'bench', runId: 'bench', title: 'bench', system: 'local' };
  return new LoadRun({
    identity: { ...identity, scenario: 'bench', level: workload.level },
    streams: [{ name: 'users', user, workload, judged: true }],
    target: { url, key: undefined, kind: 'given' },
    budgets: [],
    seed: 1,
    slice,
    timeScale: 1,
    shortened: true,
    flags: [],
    newClients: httpClients({ allowedHosts: [] }),
    logPath,
  });
}
