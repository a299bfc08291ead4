/**
 * What a client needs of the virtual user on whose behalf it sends. Clients know neither executors nor
 * schedules: when a request was due, and what becomes of its sample, is the user's matter.
 */
import type { Clock } from '../platform/clock.ts';
import type { Judgement } from './http/http.ts';
import type { Recorder } from '../metrics/record/recorder.ts';
import type { Sample } from '../metrics/record/sample.ts';

export interface RequestScope {
  readonly clock: Clock;
  readonly recorder: Recorder;
  /** The deadline of the task under way; limits each of its requests. */
  readonly deadlineMs: number;
  readonly toleratesDegraded: boolean;
  /**
   * A new request of the task under way, which without a name bears the task's. The first of an iteration
   * is scheduled for when that was due, one that follows an answer for now.
   */
  schedule(name: string | undefined): Sample;
  /**
   * Takes a sample that has ended and been judged. It is counted when the iteration takes its next
   * step, so that the task can still label or fail it.
   */
  settle(sample: Sample): void;
}

const noBytes: Uint8Array = new Uint8Array(0);

/**
 * Thrown to the task where a request did not end `ok`: it is counted already, and the iteration ends
 * here unless the task catches it. Carries no stack: failing fast must not cost more than succeeding.
 */
export class RequestNotOk extends Error {
  override readonly name = 'RequestNotOk';
  readonly sample: Sample;
  readonly status: number;
  /** The decoded body of an answer that was judged; empty where none came, or not whole. */
  readonly bytes: Uint8Array;
  /** The body that had been sent; empty where there was none. */
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

/** How a request ended, whatever came back. */
export type Verdict = Judgement<undefined>;

/**
 * Thrown by what a task measures, to say how it ended; any other error counts as `application`.
 *
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
