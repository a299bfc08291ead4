/**
 * Where the samples of one named request are counted: interned once per name, so that the hot path
 * finds its histograms by array index and builds no key. Labels take the slower way through a map.
 */
import type { SeriesBuffer } from './series-buffer.ts';

export class SeriesRef {
  readonly stream: number;
  readonly task: string;
  readonly request: string;
  /** Buffers of the interval under way, by phase; without labels … */
  readonly byPhase: (SeriesBuffer | undefined)[] = [];
  /** … and with: by phase and the labels' text. */
  readonly byLabels = new Map<string, SeriesBuffer>();

  constructor(stream: number, task: string, request: string) {
    this.stream = stream;
    this.task = task;
    this.request = request;
  }

  clear(): void {
    this.byPhase.length = 0;
    this.byLabels.clear();
  }
}
