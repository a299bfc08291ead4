/** Every request as a line of JSON, gzipped: for questions that nobody asked in advance. Opt-in. */
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Sample } from './sample.ts';

const linesPerChunk = 500;

export class SamplesFile {
  private readonly gzip = createGzip();
  private readonly written: Promise<string | undefined>;
  private lines: string[] = [];

  constructor(path: string) {
    const file = createWriteStream(path, { flags: 'ax' });
    this.written = finished(this.gzip.pipe(file)).then(
      () => undefined,
      (error: unknown) => `${path}: ${(error as Error).message}`,
    );
  }

  /** Times in ms since the start of the load. */
  add(sample: Sample): void {
    const { series, scheduledAtMs, startedAtMs, endedAtMs, outcome, errorKind, labels } = sample;
    const { task, request, stream } = series;
    const { bytesSent, bytesReceived } = sample;
    this.lines.push(
      JSON.stringify({
        ...{ stream, task, request, labels, outcome, errorKind, bytesSent, bytesReceived },
        scheduledAtMs: rounded(scheduledAtMs),
        startedAtMs: rounded(startedAtMs),
        endedAtMs: rounded(endedAtMs),
      }),
    );
    if (this.lines.length >= linesPerChunk) this.flush();
  }

  /** Settles when the file is complete, with what went wrong if something did. */
  close(): Promise<string | undefined> {
    this.flush();
    this.gzip.end();
    return this.written;
  }

  private flush(): void {
    if (this.lines.length > 0) this.gzip.write(`${this.lines.join('\n')}\n`);
    this.lines = [];
  }
}

/** Whole microseconds; undefined (left out) for what never was. */
function rounded(ms: number): number | undefined {
  return Number.isNaN(ms) ? undefined : Math.round(ms * 1000) / 1000;
}
