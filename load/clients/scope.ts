/**
 * A client needs this from the virtual user for which it sends. Clients know neither executors nor
 * schedules; the user decides when a request is due and what happens to its sample.
 */
import type { Clock } from '../platform/clock.ts';
import type { Judgement } from './http/http.ts';
import type { Recorder } from '../metrics/record/recorder.ts';
import type { Sample } from '../metrics/record/sample.ts';

export interface RequestScope {
  readonly clock: Clock;
  readonly recorder: Recorder;
  /** The deadline of the current task; limits each of its requests. */
  readonly deadlineMs: number;
  readonly toleratesDegraded: boolean;
  /**
   * A new request of the current task; without a name it has the task's. The first request of an
   * iteration is due when the iteration was; one that follows an answer is due now. `method`: of HTTP;
   * missing for other protocols.
   */
  schedule(name: string | undefined, method?: string): Sample;
  /**
   * Takes a sample that has ended and been judged. It is counted at the iteration's next step, so that
   * the task can still label it or mark it as failed.
   */
  settle(sample: Sample): void;
}

const noBytes: Uint8Array = new Uint8Array(0);

/**
 * Thrown to the task if a request did not end `ok`. The request is counted already, and the iteration
 * ends here unless the task catches the error. It has no stack, since failing must not cost more than
 * succeeding.
 */
export class RequestNotOk extends Error {
  override readonly name = 'RequestNotOk';
  readonly sample: Sample;
  readonly status: number;
  /** The decoded body of a judged answer; empty if none arrived or it was incomplete. */
  readonly bytes: Uint8Array;
  /** The body that was sent; empty if there was none. */
  readonly sent: Uint8Array;

  constructor(sample: Sample, status: number, bytes = noBytes, sent = noBytes) {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(`${sample.series.request}: ${sample.outcome} (${sample.errorKind ?? ''})`);
    Error.stackTraceLimit = stackTraceLimit;
    this.sample = sample;
    this.status = status;
    this.bytes = bytes;
    this.sent = sent;
  }
}

/** How a request ended. */
export type Verdict = Judgement<undefined>;

/**
 * Thrown by measured code to say how the request ended. Any other error counts as `application`.
 * @example
 * await measure('publish', async () => {
 *   const { code } = await client.publish(message);
 *   if (code === 'BUSY') throw new JudgedFailure({ outcome: 'throttled', kind: 'throttled' });
 * });
 */
export class JudgedFailure extends Error {
  override readonly name = 'JudgedFailure';
  readonly verdict: Verdict;

  constructor(verdict: Verdict) {
    super(`${verdict.outcome}: ${verdict.detail ?? ''}`);
    this.verdict = verdict;
  }
}
