/** A request over a protocol of the user's own, with the accounting and the deadline of any other. */
import { InFlight, type Deadlines } from '../clients/deadlines.ts';
import { JudgedFailure, RequestNotOk, type RequestScope, type Verdict } from '../clients/scope.ts';
import type { Sample } from '../metrics/record/sample.ts';

/** Thrown through a task when the run stops, so that the task does not go on. */
export const loadOver = new Error('the load is over');

/** Resolves with the result of `send`. Rejects with `RequestNotOk` if it failed or took too long. */
export function measure<T>(
  scope: RequestScope,
  sample: Sample,
  deadlines: Deadlines,
  send: () => Promise<T>,
): Promise<T> {
  return new Measured<T>(scope, sample, deadlines).run(send);
}

class Measured<T> extends InFlight {
  private readonly scope: RequestScope;
  private readonly sample: Sample;
  private readonly deadlines: Deadlines;
  private reject: (reason: unknown) => void = () => undefined;
  private isOver = false;

  constructor(scope: RequestScope, sample: Sample, deadlines: Deadlines) {
    super();
    this.scope = scope;
    this.sample = sample;
    this.deadlines = deadlines;
  }

  run(send: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.reject = reject;
      this.scope.recorder.start(this.sample);
      this.deadlines.add(this, this.scope.deadlineMs, this.sample.startedAtMs);
      settled(send).then(
        (value) => {
          if (this.end({ outcome: 'ok' })) resolve(value);
        },
        (error: unknown) => {
          if (this.isOver) return;
          // The request was waiting for its next step when the run stopped. That is not the system's
          // fault.
          if (error === loadOver) {
            this.deadlines.remove(this);
            this.expire('interrupted');
          } else if (this.end(verdictOn(error))) this.rejectSample();
        },
      );
    });
  }

  expire(reason: 'timeout' | 'interrupted'): void {
    this.isOver = true;
    this.scope.recorder.giveUp(this.sample);
    this.sample.judge(reason, reason);
    this.scope.settle(this.sample);
    this.rejectSample();
  }

  /** Returns false if the deadline came first, so that the answer is too late to count. */
  private end({ outcome, kind, detail }: Verdict): boolean {
    if (this.isOver) return false;
    this.isOver = true;
    this.deadlines.remove(this);
    this.scope.recorder.finish(this.sample);
    this.sample.judge(outcome, kind, detail);
    this.scope.settle(this.sample);
    return true;
  }

  private rejectSample(): void {
    this.reject(new RequestNotOk(this.sample, 0));
  }
}

function verdictOn(error: unknown): Verdict {
  if (error instanceof JudgedFailure) return error.verdict;
  return { outcome: 'failed', kind: 'application', detail: String(error) };
}

/** Turns an error that `send` throws before its first wait into a rejection. */
async function settled<T>(send: () => Promise<T>): Promise<T> {
  return send();
}
