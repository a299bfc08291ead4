/** A load on bodies that are too large, in a separate process that reports its memory. */
import type { OutcomeCounts } from '../../load/metrics/outcome.ts';
import { errorsIn } from '../../load/metrics/result/select.ts';
import { constant } from '../../load/workload/think-time.ts';
import { defineUser } from '../../load/user/define-user.ts';
import { users } from '../../load/workload/users.ts';
import { allOutcomes, runForReal } from '../instrument/real-load.ts';

export interface TakenIn {
  readonly outcomes: OutcomeCounts;
  readonly kinds: readonly string[];
  /** The process's peak memory, before the load and at its end. */
  readonly restBytes: number;
  readonly peakBytes: number;
}

interface Asked {
  readonly url: string;
  readonly paths: readonly string[];
  readonly capBytes: number;
}

const { url, paths, capBytes } = JSON.parse(process.argv[2] ?? '') as Asked;

function peakBytes(): number {
  return process.resourceUsage().maxRSS * 1024;
}

process.on('disconnect', () => process.exit());
const restBytes = peakBytes();
const { result } = await runForReal({
  url,
  shortened: true,
  workload: users({ count: 16, spawnRate: 1000, duration: '2s', thinkTime: constant('100ms') }),
  user: defineUser<unknown, unknown, string, string>({
    system: 'local',
    http: { maxBodyBytes: capBytes },
    tasks: Object.fromEntries(
      paths.map((path) => [
        path,
        {
          run: async ({ http }) => {
            await http.get(path);
          },
        },
      ]),
    ),
  }),
});
const kinds = [...new Set(errorsIn(result.series).map(({ kind }) => kind))];
const taken: TakenIn = { outcomes: allOutcomes(result), kinds, restBytes, peakBytes: peakBytes() };
process.send?.(taken);
