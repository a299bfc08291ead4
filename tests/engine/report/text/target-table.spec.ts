import { expect, test } from '@playwright/test';
import type { Reading } from '../../../../load/metrics/log/monitor-reading.ts';
import {
  targetLevels,
  targetMarkdown,
  targetText,
} from '../../../../load/report/text/target-table.ts';
import { makeResult, type MadeResult } from '../../budgets/make-result.ts';

function reading(source: string, toMs: number, targetMemory: number, targetDescriptors: number) {
  return { source, fromMs: toMs, toMs, gauges: { targetMemory, targetDescriptors } };
}

/** A load of one second and a drain of another. */
function result(during: readonly Reading[], after: readonly Reading[], made: MadeResult = {}) {
  return makeResult({
    intervals: [
      { monitor: { readings: [...during] } },
      { phases: ['drain'], startMs: 1000, endMs: 2000 },
    ],
    end: { atMs: 2000, monitor: { readings: [...after] } },
    ...made,
  });
}

const before = reading('process', -100, 61_000_000, 24);
const during = reading('process', 900, 74_200_000, 46);
const after = reading('process', 2010, 70_300_000, 24);

test('memory and descriptors before the load, at most, after the drain, and what changed', () => {
  expect(targetText(targetLevels(result([before, during], [after])))).toBe(
    [
      'target       before the load  highest  after the drain   change  read from',
      'memory                 61 MB  74.2 MB          70.3 MB  +9.3 MB  process',
      'descriptors               24       46               24        0  process',
    ].join('\n'),
  );
});

test('what the machine says goes before what the system says of itself', () => {
  const own = reading('/system/metrics', -90, 1, 1);
  const [memory] = targetLevels(result([own, before, during], [after]));
  expect(memory).toMatchObject({ source: 'process', before: 61_000_000 });
});

test('a reading that is lacking is a dash, and nothing is made up for it', () => {
  const lines = targetText(targetLevels(result([during], []))).split('\n');
  expect(lines[1]).toMatch(/^memory +– +74\.2 MB +– +– +process$/);
  // The log breaks off: the last reading is of the load.
  const [memory] = targetLevels(result([before, during], [after], { end: false }));
  expect(memory).not.toHaveProperty('after');
});

test('what the system does not tell is not visible, and says why', () => {
  const unknown = { targetMemory: 'process.resident_bytes is not there' };
  const silent = { source: '/system/metrics', fromMs: 0, toMs: 0, unknown };
  const levels = targetLevels(result([silent], []));
  expect(targetText(levels)).toContain('not visible: process.resident_bytes is not there');
  expect(targetMarkdown(levels)).toContain('not visible: process.resident');
});

test('in Markdown each cell is escaped once', () => {
  const [row] = targetMarkdown(targetLevels(result([reading('/a_b|c', 900, 1, 1)], [])))
    .split('\n')
    .slice(2);
  expect(row).toBe('| memory | – | 1 B | – | – | /a\\_b&#124;c |');
});

test('is empty where the monitor looked for none', () => {
  expect(targetText(targetLevels(result([], [])))).toBe('');
  expect(targetMarkdown([])).toBe('');
});
