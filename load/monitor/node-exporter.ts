/**
 * A machine's metrics from Prometheus' node exporter: the same figures that `host()` reads from this
 * machine.
 */
import { gauge, perSecond, share, type Figures } from './prometheus.ts';
import { selectSamples } from './prometheus-difference.ts';
import type { Exposition } from './prometheus-text.ts';

const cpu = 'node_cpu_seconds_total';
const memory = ['node_memory_MemAvailable_bytes', 'node_memory_MemTotal_bytes'] as const;
const devices = { device: /^(?!lo$)/ };

export const nodeFigures: Figures = {
  nodeCpu: share({ name: cpu, labels: { mode: /^(?!(idle|iowait)$)/ } }, { name: cpu }),
  nodeMemory: { names: memory, levelOf: usedShare },
  nodeLoad: gauge({ name: 'node_load1' }),
  nodeDiskRead: perSecond({ name: 'node_disk_read_bytes_total' }),
  nodeDiskWritten: perSecond({ name: 'node_disk_written_bytes_total' }),
  nodeNetworkSent: perSecond({ name: 'node_network_transmit_bytes_total', labels: devices }),
  nodeNetworkReceived: perSecond({ name: 'node_network_receive_bytes_total', labels: devices }),
};

function usedShare(page: Exposition): number | string | undefined {
  const [available, total] = memory.map((name) => selectSamples(page, { name })[0]?.value);
  if (available === undefined || total === undefined) return undefined;
  const used = 1 - available / total;
  return Number.isFinite(used) ? used : 'a series of it has no number';
}
