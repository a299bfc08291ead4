/** All series of a run, limited in number, and their buffers in the current interval. */
import { plainName } from '../../platform/words.ts';
import { LabelBounds } from './label-bounds.ts';
import { neverClean } from './lateness.ts';
import { NamePatterns } from './name-patterns.ts';
import { SeriesBuffer, type BufferPlace } from './series-buffer.ts';
import type { SeriesRef } from './sample.ts';

const maxRequestNames = 500;
/** Labels multiply. The user definition limits each label, this limits all of them together. */
const maxLabelSets = 2000;

/** The series of one name are a list, one for each method. */
interface ListedRef extends SeriesRef {
  readonly method: string;
  readonly other: ListedRef | undefined;
}

/** The buffers of one series in the current interval. */
interface Buffers {
  /** Buffers without labels, by phase and lateness class. */
  readonly byPlace: (SeriesBuffer | undefined)[];
  /** Buffers with labels, by phase, lateness class and the labels' text. */
  readonly byLabels: Map<string, SeriesBuffer>;
}

export class SeriesRegistry {
  /** By stream, task and request name. */
  private readonly refs: readonly Map<string, Map<string, ListedRef>>[];
  private readonly bounds: readonly LabelBounds[];
  private readonly labelSets = new Set<string>();
  private last: ListedRef | undefined;
  private readonly patterns = new NamePatterns();
  private hasTooManyNames = false;
  private hasTooManySets = false;
  /** By the index of the series. */
  private readonly buffersOf: Buffers[] = [];
  /** In the order in which they were made. */
  private made: SeriesBuffer[] = [];
  private readonly touched = new Set<Buffers>();

  /** `maxLabelValues` of each stream. */
  constructor(maxLabelValues: readonly number[]) {
    this.refs = maxLabelValues.map(() => new Map<string, Map<string, ListedRef>>());
    this.bounds = maxLabelValues.map((max) => new LabelBounds(max));
  }

  ref(stream: number, task: string, request: string, method = ''): ListedRef {
    // Called for each request, mostly with the same name as the last time.
    const { last } = this;
    const isLast = last?.stream === stream && last.task === task && last.request === request;
    if (isLast && last.method === method) return last;
    const byTask = this.refs[stream]!;
    let byRequest = byTask.get(task);
    if (byRequest === undefined) byTask.set(task, (byRequest = new Map<string, ListedRef>()));
    const first = byRequest.get(request);
    let ref = first;
    while (ref !== undefined && ref.method !== method) ref = ref.other;
    if (ref === undefined) {
      const name = plainName(request);
      if (name !== request) return this.ref(stream, task, name, method);
      if (first === undefined) this.patterns.add(request);
      const index = this.buffersOf.length;
      if (index >= maxRequestNames && request !== 'other') {
        this.hasTooManyNames = true;
        return this.ref(stream, task, 'other', method);
      }
      this.buffersOf.push({ byPlace: [], byLabels: new Map() });
      byRequest.set(request, (ref = { index, stream, task, request, method, other: first }));
    }
    this.last = ref;
    return ref;
  }

  /** The buffer of a series without labels in this interval, if there is one. */
  known(ref: SeriesRef, phase: number, late: number): SeriesBuffer | undefined {
    return this.buffersOf[ref.index]!.byPlace[placeOf(phase, late)];
  }

  /** The buffer of a series in this interval; created if there is none. */
  buffer(
    ref: SeriesRef,
    phase: BufferPlace & { readonly index: number },
    labels: Readonly<Record<string, string>> | undefined,
  ): SeriesBuffer {
    const { byPlace, byLabels } = this.buffersOf[ref.index]!;
    const place = placeOf(phase.index, phase.late);
    if (labels === undefined) return (byPlace[place] ??= this.newBuffer(ref, phase));
    const bounded = this.boundSet(ref, this.bounds[ref.stream]!.bound(labels));
    const key = `${place} ${JSON.stringify(bounded)}`;
    let buffer = byLabels.get(key);
    if (buffer === undefined) {
      byLabels.set(key, (buffer = this.newBuffer(ref, phase, bounded)));
    }
    return buffer;
  }

  /** Returns the buffers of the interval and ends it. */
  take(): readonly SeriesBuffer[] {
    const { made } = this;
    for (const { byPlace, byLabels } of this.touched) {
      byPlace.length = 0;
      byLabels.clear();
    }
    this.touched.clear();
    this.made = [];
    return made;
  }

  /** Names of labels of which the log has only a part of the values. */
  overflowedLabels(): string[] {
    return [...new Set(this.bounds.flatMap(({ overflowed }) => [...overflowed]))];
  }

  notes(): string[] {
    const names =
      `more than ${maxRequestNames} names of requests; the rest counts as "other": ` +
      'give them a `name` without ids';
    const sets = `more than ${maxLabelSets} sets of labels; the rest counts as "other"`;
    return [
      ...this.bounds.flatMap((bounds) => bounds.notes()),
      ...(this.hasTooManyNames ? [names] : []),
      ...this.patterns.notes(),
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
    place: BufferPlace,
    labels?: Readonly<Record<string, string>>,
  ): SeriesBuffer {
    const buffer = new SeriesBuffer(ref, place, labels);
    this.made.push(buffer);
    this.touched.add(this.buffersOf[ref.index]!);
    return buffer;
  }
}

function placeOf(phase: number, late: number): number {
  return phase * (neverClean + 1) + late;
}
