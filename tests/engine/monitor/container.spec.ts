/** Control groups of both versions, and GPUs: with recorded or generated files. */
import { expect, test } from '@playwright/test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { containerOf } from '../../../load/monitor/container.ts';
import { dcgm } from '../../../load/monitor/dcgm.ts';
import { gpu } from '../../../load/monitor/gpu.ts';
import type { MonitorSource, OpenSource } from '../../../load/monitor/source.ts';

function opened(source: MonitorSource, text = ''): OpenSource {
  return source.open({ get: () => Promise.resolve({ text, contentType: '' }) });
}

function files(all: Readonly<Record<string, string>>): { proc: string; groups: string } {
  const root = test.info().outputPath('machine');
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { proc: join(root, 'proc'), groups: join(root, 'groups') };
}

for (const [version, all, path] of [
  [
    1,
    {
      'proc/7/cgroup': '5:cpu,cpuacct:/app\n4:memory:/app\n1:name=systemd:/\n',
      'groups/cpu/app/cpu.stat': 'nr_periods 100\nnr_throttled 10\nthrottled_time 99\n',
      'groups/memory/app/memory.limit_in_bytes': '536870912\n',
      'groups/memory/app/memory.oom_control': 'oom_kill_disable 0\nunder_oom 0\noom_kill 2\n',
    },
    'groups/cpu/app/cpu.stat',
  ],
  [
    2,
    {
      'proc/7/cgroup': '0::/app\n',
      'groups/app/cpu.stat': 'usage_usec 5\nnr_periods 100\nnr_throttled 10\nthrottled_usec 9\n',
      'groups/app/memory.max': '536870912\n',
      'groups/app/memory.events': 'low 0\nhigh 0\nmax 3\noom 2\noom_kill 2\n',
    },
    'groups/app/cpu.stat',
  ],
] as const) {
  test(`version ${version}: throttled periods between two readings, the limit, the kills`, async () => {
    const folders = files(all);
    const source = opened(containerOf(7, folders));
    const gauges = { memoryLimit: 536_870_912, oomKills: 2 };
    expect(await source.read(undefined)).toEqual({ gauges });
    files({ [path]: 'nr_periods 150\nnr_throttled 40\n' });
    const ratios = { cpuThrottled: { part: 30, whole: 50 } };
    expect(await source.read(5000)).toEqual({ gauges, ratios });
    // No period has passed, so the share is unknown, not 0.
    expect(await source.read(5000)).toEqual({ gauges });
  });
}

test('no limit is none, and a process that is gone is unknown', async () => {
  const none = {
    'proc/7/cgroup': '4:memory:/\n',
    'groups/memory/memory.limit_in_bytes': '9223372036854771712\n',
  };
  expect(await opened(containerOf(7, files(none))).read(undefined)).toEqual({});
  expect(await opened(containerOf(8, files(none))).read(undefined)).toEqual({
    unknown: { '*': expect.stringContaining('ENOENT') as unknown },
  });
});

/** As written by an A100 and a GPU that does not report its power, since test machines have none. */
const recorded = '61234, 81920, 87, 64, 251.37\n1024, 81920, 0, 31, [N/A]\n';

test('nvidia-smi: all cards together, and what one does not tell is unknown', async () => {
  const measured = await opened(gpu(() => Promise.resolve(recorded))).read(undefined);
  expect(measured.gauges).toEqual({
    gpuMemory: (61_234 + 1024) / (2 * 81_920),
    gpuMemoryBytes: (61_234 + 1024) * 2 ** 20,
    gpuMemoryTotal: 2 * 81_920 * 2 ** 20,
    gpuUtilisation: 0.435,
    gpuTemperature: 64,
  });
  expect(measured.unknown).toEqual({ gpuPower: 'nvidia-smi does not report it' });
});

for (const [what, run] of [
  ['is not there', () => Promise.reject(new Error('spawn nvidia-smi ENOENT'))],
  [
    'has no driver',
    () => Promise.resolve("NVIDIA-SMI has failed because it couldn't communicate\n"),
  ],
  ['is silent', () => Promise.resolve('\n')],
] as const) {
  test(`nvidia-smi that ${what}: unknown`, async () => {
    const measured = await opened(gpu(run)).read(undefined);
    expect(Object.keys(measured)).toEqual(['unknown']);
  });
}

/** As DCGM's exporter 3.3 writes it. */
const page = `# HELP DCGM_FI_DEV_GPU_TEMP GPU temperature (in C).
# TYPE DCGM_FI_DEV_GPU_TEMP gauge
DCGM_FI_DEV_GPU_TEMP{gpu="0",UUID="GPU-1",modelName="NVIDIA A100"} 64
DCGM_FI_DEV_GPU_TEMP{gpu="1",UUID="GPU-2",modelName="NVIDIA A100"} 31
DCGM_FI_DEV_POWER_USAGE{gpu="0",UUID="GPU-1",modelName="NVIDIA A100"} 251.37
DCGM_FI_DEV_POWER_USAGE{gpu="1",UUID="GPU-2",modelName="NVIDIA A100"} 48.63
DCGM_FI_DEV_GPU_UTIL{gpu="0",UUID="GPU-1",modelName="NVIDIA A100"} 87
DCGM_FI_DEV_GPU_UTIL{gpu="1",UUID="GPU-2",modelName="NVIDIA A100"} 1
DCGM_FI_DEV_FB_FREE{gpu="0",UUID="GPU-1",modelName="NVIDIA A100"} 20000
DCGM_FI_DEV_FB_FREE{gpu="1",UUID="GPU-2",modelName="NVIDIA A100"} 80000
DCGM_FI_DEV_FB_USED{gpu="0",UUID="GPU-1",modelName="NVIDIA A100"} 60000
DCGM_FI_DEV_FB_USED{gpu="1",UUID="GPU-2",modelName="NVIDIA A100"} 0
`;

test('DCGM tells the same of another machine', async () => {
  expect(await opened(dcgm('/metrics'), page).read(undefined)).toEqual({
    gauges: {
      gpuMemory: 60_000 / 160_000,
      gpuMemoryBytes: 60_000 * 2 ** 20,
      gpuMemoryTotal: 160_000 * 2 ** 20,
      gpuUtilisation: 0.44,
      gpuTemperature: 64,
      gpuPower: 300,
    },
  });
});
