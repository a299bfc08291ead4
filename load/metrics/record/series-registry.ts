/** Knows every series of a run, keeps their number bounded, and holds the buffers of the interval. */
import { LabelBounds } from './label-bounds.ts';
import { SeriesBuffer } from './series-buffer.ts';
import { SeriesRef } from './series-ref.ts';

const maxRequestNames = 500;
/** Labels multiply; each alone is bounded by the user definition, all of them together here. */
const maxLabelSets = 2000;

export class SeriesRegistry {
  /** By stream, task and request name. */
  private readonly refs: readonly Map<string, Map<string, SeriesRef>>[];
  private readonly bounds: readonly LabelBounds[];
  private readonly labelSets = new Set<string>();
  private last: SeriesRef | undefined;
  private refCount = 0;
  private hasTooManyNames = false;
  private hasTooManySets = false;
  private buffers: SeriesBuffer[] = [];
  private touched: SeriesRef[] = [];

  /** `maxLabelValues` of each stream. */
  constructor(maxLabelValues: readonly number[]) {
    this.refs = maxLabelValues.map(() => new Map<string, Map<string, SeriesRef>>());
    this.bounds = maxLabelValues.map((max) => new LabelBounds(max));
  }

  ref(stream: number, task: string, request: string): SeriesRef {
    // Asked for each request, and mostly for the one asked for last.
    const { last } = this;
    if (last?.stream === stream && last.task === task && last.request === request) return last;
    const byTask = this.refs[stream]!;
    let byRequest = byTask.get(task);
    if (byRequest === undefined) byTask.set(task, (byRequest = new Map<string, SeriesRef>()));
    let ref = byRequest.get(request);
    if (ref === undefined) {
      if (this.refCount >= maxRequestNames && request !== 'other') {
        this.hasTooManyNames = true;
        return this.ref(stream, task, 'other');
      }
      this.refCount += 1;
      byRequest.set(request, (ref = new SeriesRef(stream, task, request)));
    }
    this.last = ref;
    return ref;
  }

  /** The buffer of a series in this interval; made where there is none yet. */
  buffer(
    ref: SeriesRef,
    phase: number,
    phaseName: string,
    labels: Readonly<Record<string, string>> | undefined,
  ): SeriesBuffer {
    if (labels === undefined) return (ref.byPhase[phase] ??= this.newBuffer(ref, phaseName));
    const bounded = this.boundSet(ref, this.bounds[ref.stream]!.bound(labels));
    const key = `${phase} ${JSON.stringify(bounded)}`;
    let buffer = ref.byLabels.get(key);
    if (buffer === undefined) {
      ref.byLabels.set(key, (buffer = this.newBuffer(ref, phaseName, bounded)));
    }
    return buffer;
  }

  /** The buffers of the interval, which ends here. */
  take(): readonly SeriesBuffer[] {
    const { buffers } = this;
    for (const ref of this.touched) ref.clear();
    this.buffers = [];
    this.touched = [];
    return buffers;
  }

  /** Names of labels of which the whole log knows a part of the values only. */
  overflowedLabels(): string[] {
    return [...new Set(this.bounds.flatMap(({ overflowed }) => [...overflowed]))];
  }

  notes(): string[] {
    const names =
      `more than ${maxRequestNames} names of requests; the rest counts as "other": ` +
      'name them by what they do';
    const sets = `more than ${maxLabelSets} sets of labels; the rest counts as "other"`;
    return [
      ...this.bounds.flatMap((bounds) => bounds.notes()),
      ...(this.hasTooManyNames ? [names] : []),
      ...(this.hasTooManySets ? [sets] : []),
    ];
  }

  private boundSet(ref: SeriesRef, labels: Record<string, string>): Record<string, string> {
    const key = JSON.stringify([ref.stream, ref.task, ref.request, labels]);
    if (this.labelSets.has(key)) return labels;
    if (this.labelSets.size >= maxLabelSets) {
      this.hasTooManySets = true;
      return Object.fromEntries(Object.keys(labels).map((name) => [name, 'other']));
    }
    this.labelSets.add(key);
    return labels;
  }

  private newBuffer(
    ref: SeriesRef,
    phaseName: string,
    labels?: Readonly<Record<string, string>>,
  ): SeriesBuffer {
    const buffer = new SeriesBuffer(ref, phaseName, labels);
    this.buffers.push(buffer);
    this.touched.push(ref);
    return buffer;
  }
}
