/**
 * A load with more connections than there are ports, in a process with its own network namespace. Prints
 * its outcome as JSON.
 */
import { createServer } from 'node:http';
import type { OutcomeCounts } from '../../load/metrics/outcome.ts';
import { outcomesIn } from '../../load/report/text/outcomes.ts';
import { constant } from '../../load/workload/think-time.ts';
import { users } from '../../load/workload/users.ts';
import { listening } from '../contracts/client-harness.ts';
import { allOutcomes, runForReal } from '../instrument/real-load.ts';

export interface FewPorts {
  readonly verdict: string;
  readonly rules: readonly string[];
  readonly kinds: readonly string[];
  readonly outcomes: OutcomeCounts;
  /** Counted by the server. */
  readonly answered: number;
  readonly text: string;
}

let answered = 0;
const server = await listening(
  createServer((_, response) => {
    answered += 1;
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"answer":"forty-two"}');
  }),
);
const { result, verdict, text } = await runForReal({
  url: server.url,
  workload: users({ count: 60, spawnRate: 1000, duration: '1s', thinkTime: constant('100ms') }),
});
await server.close();
const outcome: FewPorts = {
  verdict: verdict.verdict,
  rules: verdict.invalid.map(({ rule }) => rule),
  kinds: outcomesIn(result).errors.map(({ kind }) => kind),
  outcomes: allOutcomes(result),
  answered,
  text,
};
process.stdout.write(JSON.stringify(outcome));
