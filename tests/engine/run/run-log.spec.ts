import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import type { LogFile } from '../../../load/metrics/log/log-file.ts';
import { readResult } from '../../../load/metrics/log/reader.ts';
import { outcomesOf } from '../../../load/metrics/result/select.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { fillDisk } from '../metrics/full-disk.ts';
import { answersAfter, runVirtually } from '../virtual-load.ts';

const tenPerSecond = arrivals({ rate: 10, duration: '10s' });

test.describe('the interval log', () => {
  test('read back, it is the result', async () => {
    const logPath = test.info().outputPath('log.ndjson');
    const { result } = await runVirtually({
      workload: tenPerSecond,
      system: answersAfter(300),
      logPath,
    });
    expect(await readResult(logPath)).toEqual(result);
  });

  test('is not written over: a run that would is refused before the first request', async () => {
    const logPath = test.info().outputPath('log.ndjson');
    const load = { workload: tenPerSecond, system: answersAfter(300), logPath };
    await runVirtually(load);
    const text = readFileSync(logPath, 'utf8');
    await expect(runVirtually(load)).rejects.toThrow('EEXIST');
    expect(readFileSync(logPath, 'utf8')).toBe(text);
  });

  test('on a full disk it ends, is told, and the result in memory is whole', async () => {
    const { result, run } = await runVirtually({
      workload: tenPerSecond,
      system: answersAfter(300),
      logPath: test.info().outputPath('log.ndjson'),
      during: (started, clock) => {
        clock.at(4500, () => {
          fillDisk(Reflect.get(started, 'file') as LogFile);
        });
      },
    });
    expect(run.logFailure).toContain('ENOSPC');
    expect(result.notes.join()).toContain('interval log not written');
    expect(result.end?.cause).toBe('completed');
    expect(outcomesOf(result.series).ok).toBe(result.scheduled);
  });
});
