import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { IntervalWriter } from '../../../../load/metrics/log/writer.ts';
import { LogFile } from '../../../../load/metrics/log/log-file.ts';
import { readResult } from '../../../../load/metrics/log/reader.ts';
import { SeriesBuffer } from '../../../../load/metrics/record/series-buffer.ts';
import { endLine, intervalLine, planLine } from '../lines.ts';
import { VirtualClock } from '../../virtual-clock.ts';

const { series, ...interval } = intervalLine();

function buffers(): SeriesBuffer[] {
  return ['a', 'b', 'c'].map((request) => {
    const buffer = new SeriesBuffer(
      { stream: 0, task: 'chat', request, method: 'GET' },
      { name: 'steady state', late: 0 },
      undefined,
    );
    buffer.addCounter('tokens', 1);
    buffer.addTrend('ttft', 120);
    return buffer;
  });
}

test('the file, read back, is the result in memory', async () => {
  const path = test.info().outputPath('log.ndjson');
  const writer = new IntervalWriter(new VirtualClock(), planLine(), new LogFile(path));
  void writer.write(interval, buffers());
  void writer.write({ ...interval, startMs: 2000.5, endMs: 3000 }, []);
  await writer.end(endLine());
  const types = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(types.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
    'plan',
    'interval',
    'interval',
    'end',
  ]);
  expect(await readResult(path)).toEqual(writer.fold.result());
  expect(writer.fold.result().series).toHaveLength(series.length + 2);
});

test('intervals reach the result in the order in which they were closed', async () => {
  const writer = new IntervalWriter(new VirtualClock(), planLine(), undefined);
  void writer.write(interval, buffers());
  void writer.write({ ...interval, startMs: 2000.5, endMs: 3000 }, []);
  await writer.written();
  const starts = writer.fold.result().timeline.map(({ startMs }) => startMs);
  expect(starts).toEqual([1000, 2000.5]);
});

test('without a file it holds no bytes', async () => {
  const writer = new IntervalWriter(new VirtualClock(), planLine(), undefined);
  await writer.write(interval, buffers());
  expect(writer.bytes).toBe(0);
});
