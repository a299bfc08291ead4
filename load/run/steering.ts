/**
 * Steering: a load that is watched is changed while it runs. Once a second it looks at what is asked of it, which
 * others leave in the control file; what is new there acts on its first load stream, and each change is a stage
 * in the interval log. Nothing of this is done for a request.
 */
import type { Clock, Timer } from '../platform/clock.ts';
import { jsonOf } from '../platform/json-file.ts';
import { counted, cut, reasonOf } from '../platform/words.ts';
import type { Stage } from '../metrics/log/stage.ts';
import type { Recorder } from '../metrics/record/recorder.ts';
import { controlFile, controlOf, type Control } from '../workload/control.ts';
import type { Workload } from '../workload/workload.ts';
import type { LoadStream } from './load-stream.ts';

export interface SteeringSource {
  /** The text of the control file; undefined where there is none. Throws where it can't be read. */
  readonly read: () => string | undefined;
  /** When it was written last: the same text written anew is asked anew. Default: only another text is. */
  readonly writtenMs?: (() => number | undefined) | undefined;
  /** Why this load is not to be changed, where it is not. */
  readonly refusal?: string | undefined;
}

interface SteeredLoad {
  readonly clock: Clock;
  readonly source: SteeringSource;
  readonly stream: LoadStream;
  readonly workload: Workload;
  readonly recorder: Recorder;
  /** Ends the load, which drains; told is why. */
  readonly stop: (detail: string) => void;
}

const everyMs = 1000;
/** Away from the ends of intervals, at which there is more to do. */
const offsetMs = 450;
const mostNotes = 10;
const mostShown = 200;

export class Steering {
  private readonly load: SteeredLoad;
  private timer: Timer | undefined;
  private lastText: string | undefined;
  private lastWrittenMs: number | undefined;
  private level: number | undefined;
  private refused = 0;
  private readonly told: string[] = [];
  private readonly stages: Stage[] = [];

  constructor(load: SteeredLoad) {
    this.load = load;
  }

  /** What an earlier load of the run was asked is none of this one's. */
  start(): void {
    try {
      this.lastWrittenMs = this.load.source.writtenMs?.();
      this.lastText = this.load.source.read();
    } catch (error) {
      this.lastText = reasonOf(error);
    }
    this.arm();
  }

  stop(): void {
    if (this.timer !== undefined) this.load.clock.cancel(this.timer);
    this.timer = undefined;
  }

  /** The changes since it was last asked. */
  takeStages(): readonly Stage[] {
    return this.stages.splice(0);
  }

  /** What was asked and not done, for the end of the log. */
  notes(): string[] {
    const more = this.refused - this.told.length;
    return more > 0 ? [...this.told, `${counted(more, 'more control')} refused`] : this.told;
  }

  private arm(): void {
    const { clock } = this.load;
    const seconds = Math.floor((clock.now() - offsetMs) / everyMs) + 1;
    this.timer = clock.at(seconds * everyMs + offsetMs, () => {
      this.arm();
      this.look();
    });
  }

  private look(): void {
    const { clock, recorder, source } = this.load;
    // A rehearsal is nothing that anybody watches for: what is asked meanwhile is done as the load begins.
    if (recorder.phaseName(0, clock.now()) === 'warm-up') return;
    try {
      const writtenMs = source.writtenMs?.();
      const text = source.read();
      // An empty one is being written.
      if (text === undefined || text.trim() === '') return;
      if (text === this.lastText && writtenMs === this.lastWrittenMs) return;
      this.lastText = text;
      this.lastWrittenMs = writtenMs;
      this.act(controlOf(jsonOf(text, controlFile)));
    } catch (error) {
      // What can't be read is told once, however often it is tried.
      const reason = cut(reasonOf(error), mostShown);
      if (this.told.at(-1)?.endsWith(reason) !== true) this.refuse(reason);
    }
  }

  private act(control: Control): void {
    const { source, stop, workload } = this.load;
    if (source.refusal !== undefined) {
      this.refuse(source.refusal);
      return;
    }
    const [own, other] =
      workload.model === 'closed' ? (['users', 'rate'] as const) : (['rate', 'users'] as const);
    if (control[other] !== undefined) {
      this.refuse(
        `${controlFile}: ${other}: this load is ${workload.model === 'closed' ? 'a closed' : 'an open'} ` +
          `model; accepted is ${own}`,
      );
    }
    if (control[own] !== undefined) this.change(own, control[own]);
    if (control.stop === true) stop(`it was stopped by ${controlFile}`);
  }

  private change(of: 'users' | 'rate', to: number): void {
    const { clock, stream } = this.load;
    if (to === this.level) return;
    const from = stream.steer(to);
    // It is at its end: no change would have a time.
    if (from === undefined) return;
    this.level = to;
    if (from !== to) this.stages.push({ atMs: clock.now(), of, from, to });
  }

  private refuse(reason: string): void {
    const { clock, recorder } = this.load;
    this.refused += 1;
    recorder.event('not steered', reason);
    const second = Math.max(0, Math.floor(clock.now() / 1000));
    if (this.told.length < mostNotes) this.told.push(`not steered at second ${second}: ${reason}`);
  }
}
