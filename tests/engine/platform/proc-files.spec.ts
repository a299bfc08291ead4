import { expect, test } from '@playwright/test';
import {
  readCpuTicks,
  readMemory,
  readProcessStat,
  readResidentBytes,
} from '../../../load/platform/proc-files.ts';

for (const [what, text, ticks] of [
  ['a full line', 'cpu  10 1 20 100 5 2 3 4 50 6\ncpu0 1 1 1 1\n', { busy: 40, total: 145 }],
  ['an old kernel', 'cpu  10 1 20 100\n', { busy: 31, total: 131 }],
  ['only single cores', 'cpu0 10 1 20 100\n', undefined],
  ['too few columns', 'cpu  10 1 20\n', undefined],
  ['no number', 'cpu  10 1 x 100\n', undefined],
  ['nothing', '', undefined],
] as const) {
  test(`/proc/stat with ${what}`, () => {
    expect(readCpuTicks(text)).toEqual(ticks);
  });
}

for (const [what, text, memory] of [
  [
    'what is needed',
    'MemTotal:        1000 kB\nMemFree: 10 kB\nMemAvailable:     600 kB\n',
    { total: 1_024_000, used: 409_600 },
  ],
  ['no word on what is available', 'MemTotal: 1000 kB\nMemFree: 10 kB\n', undefined],
  ['another unit', 'MemTotal: 1000 MB\nMemAvailable: 600 MB\n', undefined],
  ['nothing', '', undefined],
] as const) {
  test(`/proc/meminfo with ${what}`, () => {
    expect(readMemory(text)).toEqual(memory);
  });
}

const tail = 'S 1 42 42 0 -1 4194560 1000 0 0 0 250 50 0 0 20 0 11 0 98765 1 2 3';

for (const [what, text, stat] of [
  ['a plain name', `42 (node) ${tail}\n`, { cpuTicks: 300, startTicks: 98_765 }],
  ['blanks in its name', `42 (my node app) ${tail}\n`, { cpuTicks: 300, startTicks: 98_765 }],
  ['brackets in its name', `42 (a) S 1 (b) ${tail}\n`, { cpuTicks: 300, startTicks: 98_765 }],
  ['too few fields', '42 (node) S 1 42\n', undefined],
  ['no name', `42 ${tail}\n`, undefined],
  ['nothing', '', undefined],
] as const) {
  test(`/proc/<pid>/stat of a process with ${what}`, () => {
    expect(readProcessStat(text)).toEqual(stat);
  });
}

for (const [what, text, bytes] of [
  ['resident memory', 'Name:\tnode\nVmRSS:\t   2048 kB\nThreads:\t1\n', 2_097_152],
  ['none: it has ended', 'Name:\tnode\nState:\tZ (zombie)\n', undefined],
] as const) {
  test(`/proc/<pid>/status with ${what}`, () => {
    expect(readResidentBytes(text)).toBe(bytes);
  });
}
