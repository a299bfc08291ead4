/** Every request as a line of JSON, gzipped, for later analysis. Opt-in. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Sample } from '../record/sample.ts';
import { counted } from '../../platform/words.ts';

const linesPerChunk = 500;
const maxQueuedBytes = 32 * 2 ** 20;

export class SamplesFile {
  private readonly gzip = createGzip();
  private readonly written: Promise<string | undefined>;
  private lines: string[] = [];
  private lost = 0;
  private hasFailed = false;

  constructor(path: string) {
    this.written = pipeline(this.gzip, createWriteStream(path, { flags: 'ax' })).then(
      () =>
        this.lost === 0
          ? undefined
          : `${path}: without ${counted(this.lost, 'sample')}, because the disk was too slow`,
      (error: unknown) => {
        this.hasFailed = true;
        return `${path}: ${(error as Error).message}`;
      },
    );
  }

  /** Times in ms since the start of the load. */
  add(sample: Sample): void {
    const { series, scheduledAtMs, startedAtMs, endedAtMs, outcome, errorKind, labels } = sample;
    const { task, request, stream } = series;
    const { bytesSent, bytesReceived } = sample;
    this.lines.push(
      JSON.stringify({
        stream,
        task,
        request,
        labels,
        outcome,
        errorKind,
        bytesSent,
        bytesReceived,
        scheduledAtMs: rounded(scheduledAtMs),
        startedAtMs: sample.isSent ? rounded(startedAtMs) : undefined,
        endedAtMs: sample.hasEnded ? rounded(endedAtMs) : undefined,
        // These belong to the other trends, in the order in which they were added.
        values: valuesOf(sample),
      }),
    );
    if (this.lines.length >= linesPerChunk) this.flush();
  }

  /** Settles when the file is complete, with the error if there was one. */
  close(): Promise<string | undefined> {
    this.flush();
    this.gzip.end();
    return this.written;
  }

  private flush(): void {
    const { lines } = this;
    this.lines = [];
    if (lines.length === 0 || this.hasFailed) return;
    // If the disk is too slow, samples are dropped and counted instead of filling the memory.
    if (this.gzip.writableLength > maxQueuedBytes) this.lost += lines.length;
    else this.gzip.write(`${lines.join('\n')}\n`);
  }
}

function valuesOf({ values, lists }: Sample): [string, number][] | undefined {
  if (values === undefined && lists === undefined) return undefined;
  const single = (values ?? []).map(([trend, value]): [string, number] => [trend, rounded(value)]);
  const many = (lists ?? []).flatMap(([trend, list]) =>
    list.map((value): [string, number] => [trend, rounded(value)]),
  );
  return [...single, ...many];
}

/** Whole microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
