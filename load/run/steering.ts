/**
 * Steering: changing a load while it runs. Once a second the load reads the control file, which other
 * processes write. A new level there is applied to its first load stream, and each change is written to
 * the interval log as a stage. This costs nothing per request.
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
  /** Text of the control file; undefined if there is none. Throws if it cannot be read. */
  readonly read: () => string | undefined;
  /**
   * When the file was last written, so that writing the same text again repeats the request. Default:
   * only a changed text counts.
   */
  readonly writtenMs?: (() => number | undefined) | undefined;
  /** Why this load must not be changed. Absent if it may be. */
  readonly refusal?: string | undefined;
}

interface SteeredLoad {
  readonly clock: Clock;
  readonly source: SteeringSource;
  readonly stream: LoadStream;
  readonly workload: Workload;
  readonly recorder: Recorder;
  /** Ends the load, which then drains. `detail` is the reason. */
  readonly stop: (detail: string) => void;
}

const everyMs = 1000;
/** Keeps the reading of the file away from the ends of intervals, when there is more other work. */
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

  /** Reads the file once first, so that a request for an earlier load of the run is not applied to this one. */
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

  /** The changes since the last call. */
  takeStages(): readonly Stage[] {
    return this.stages.splice(0);
  }

  /** Notes on the requests that were refused, for the end of the log. */
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
    // Nothing is changed during the warm-up. A request made meanwhile is applied when the load begins.
    if (recorder.phaseName(0, clock.now()) === 'warm-up') return;
    try {
      const writtenMs = source.writtenMs?.();
      const text = source.read();
      // An empty file is one that is just being written.
      if (text === undefined || text.trim() === '') return;
      if (text === this.lastText && writtenMs === this.lastWrittenMs) return;
      this.lastText = text;
      this.lastWrittenMs = writtenMs;
      this.act(controlOf(jsonOf(text, controlFile)));
    } catch (error) {
      // The same read error is reported once, however often it occurs.
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
    // The load is at its end, so a change would have no effect.
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
