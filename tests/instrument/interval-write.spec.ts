/** An interval is written in pieces, so that a second's samples do not hold up the load. */
import { expect, test } from '@playwright/test';
import { measureWriting, median } from './interval-writing.ts';

test('an interval of 20 000 requests over 5 tasks is written in small pieces', async ({}, testInfo) => {
  const { longestMs, atOnceMs, cutMs, pieces } = await measureWriting({
    rounds: 40,
    samples: 20_000,
    tasks: 5,
    logPath: testInfo.outputPath('log.ndjson'),
  });
  const figures =
    `longest piece ${median(longestMs).toFixed(2)} ms, the cut ${median(cutMs).toFixed(2)} ms, ` +
    `all at once ${median(atOnceMs).toFixed(2)} ms (medians), ${pieces} pieces`;
  testInfo.annotations.push({ type: 'interval', description: figures });
  // The bound in ms is in the benchmark (bench/interval-write.ts). This compares the same work, divided.
  expect(median(longestMs), figures).toBeLessThan(median(atOnceMs) / 3);
  expect(median(cutMs), figures).toBeLessThan(median(atOnceMs) / 10);
});
