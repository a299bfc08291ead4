/**
 * The cost of merging the logs of many slices, in a separate process. A few slices of an open load run in
 * virtual time; copies of their logs, with other numbers, stand in for the rest.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mergeSlices } from '../load/slices/merge.ts';
import { SliceLog } from '../load/slices/slice-log.ts';
import { arrivals } from '../load/workload/arrivals.ts';
import { runVirtually } from '../tests/engine/virtual-load.ts';
import { tellParent } from './child.ts';

export interface MergeCost {
  readonly slices: number;
  readonly requests: number;
  /** From opening the logs to the merged log on disk. */
  readonly seconds: number;
  readonly peakBytes: number;
}

const ratePerSlice = 100;
const templates = 4;

async function templateLogs(folder: string, count: number): Promise<string[]> {
  const workload = arrivals({ rate: ratePerSlice * count, duration: '60s', process: 'poisson' });
  const texts: string[] = [];
  for (let index = 1; index <= Math.min(templates, count); index++) {
    const logPath = join(folder, `template-${index}.ndjson`);
    await runVirtually({
      workload,
      logPath,
      slice: { index, count },
      shortened: true,
      system: ({ atMs, draws: [draw] }, clock) => clock.until(atMs + 20 + 500 * draw),
    });
    texts.push(readFileSync(logPath, 'utf8'));
  }
  return texts;
}

async function measure(count: number): Promise<MergeCost> {
  const folder = mkdtempSync(join(tmpdir(), 'loadwright-merge-'));
  try {
    const texts = await templateLogs(folder, count);
    const paths = Array.from({ length: count }, (_, i) => {
      const path = join(folder, `slice-${i + 1}.ndjson`);
      const text = texts[i % texts.length]!;
      writeFileSync(path, text.replace(/"slice":\{"index":\d+/, `"slice":{"index":${i + 1}`));
      return path;
    });
    texts.length = 0;
    const beganMs = performance.now();
    const logs = paths.map((path) => new SliceLog(path));
    const merged = join(folder, 'merged.ndjson');
    mergeSlices(logs, merged);
    for (const log of logs) log.close();
    const seconds = (performance.now() - beganMs) / 1000;
    const end = /"sent":(\d+)/.exec(readFileSync(merged, 'utf8').trimEnd().split('\n').at(-1)!);
    return {
      slices: count,
      requests: Number(end?.[1]),
      seconds,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [count = '100'] = process.argv.slice(2);
await tellParent(() => measure(Number(count)));
