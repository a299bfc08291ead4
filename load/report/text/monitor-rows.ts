/**
 * The monitor's readings as rows: the columns of `monitor.csv` and of `npm run monitor`, the line of a
 * reading, and the summary. A value that no source reports is `unknown`, never 0.
 */
import type { Ratio, Reading } from '../../metrics/log/monitor-reading.ts';
import type { IntervalDetail } from '../../metrics/result/details.ts';
import { csvCell } from './csv-cell.ts';

/** All readings of one moment. */
export interface Tick {
  readonly atEpochMs: number;
  readonly gauges: Readonly<Record<string, number>>;
  readonly ratios: Readonly<Record<string, Ratio>>;
  /** Bytes since the monitor began, by figure. */
  readonly moved: Readonly<Record<string, number>>;
  readonly unknown: Readonly<Record<string, string>>;
  /** The state of this load generator at that moment, during a load. */
  readonly generator?: IntervalDetail['generator'] | undefined;
}

/** The value from the system or this machine, else from the first page that has it (`gpuMemory@gpu-1:9400`). */
function toldIn<T>(record: Readonly<Record<string, T>>, figure: string): T | undefined {
  if (Object.hasOwn(record, figure)) return record[figure];
  const name = Object.keys(record).find((one) => one.startsWith(`${figure}@`));
  return name === undefined ? undefined : record[name];
}

type Cell = number | string | undefined;

interface Column {
  readonly name: string;
  /** The figure that it shows. A figure with a column gets no further one. */
  readonly figure?: string;
  /** Figures that say the same in another unit, and so need no column either. */
  readonly alike?: readonly string[];
  readonly valueOf: (tick: Tick) => Cell;
}

type FigureColumn = Required<Pick<Column, 'figure' | 'valueOf'>>;

const mb = 1e6;
const movedFigures = ['hostDiskRead', 'hostDiskWritten', 'hostNetworkSent', 'hostNetworkReceived'];

function gauge(figure: string, per = 1): FigureColumn {
  const valueOf = ({ gauges }: Tick): Cell => {
    const own = toldIn(gauges, figure);
    return own === undefined ? undefined : own / per;
  };
  return { figure, valueOf };
}

function ratio(figure: string, times = 1): FigureColumn {
  const valueOf = ({ ratios }: Tick): Cell => {
    const own = toldIn(ratios, figure);
    return own === undefined || !(own.whole > 0) ? undefined : (times * own.part) / own.whole;
  };
  return { figure, valueOf };
}

function moved(figure: string): FigureColumn {
  const valueOf = ({ moved: own }: Tick): Cell =>
    Object.hasOwn(own, figure) ? own[figure]! / mb : undefined;
  return { figure, valueOf };
}

/** The columns of this suite's own sources first, in its order, then all others. */
export const monitorColumns: readonly Column[] = [
  { name: 'timestamp', valueOf: ({ atEpochMs }) => new Date(atEpochMs).toISOString() },
  { name: 'cpu_percent', ...ratio('hostCpu', 100) },
  { name: 'memory_mb', ...gauge('hostMemoryBytes', mb) },
  { name: 'memory_percent', ...gauge('hostMemory', 0.01) },
  { name: 'disk_read_mb', ...moved('hostDiskRead') },
  { name: 'disk_write_mb', ...moved('hostDiskWritten') },
  { name: 'network_sent_mb', ...moved('hostNetworkSent') },
  { name: 'network_recv_mb', ...moved('hostNetworkReceived') },
  { name: 'api_latency_ms', ...gauge('apiLatency') },
  { name: 'api_status', figure: 'apiStatus', valueOf: apiStatus },
  { name: 'db_pool_size', ...gauge('poolSize') },
  { name: 'db_pool_available', ...gauge('poolAvailable') },
  { name: 'db_pool_active', ...gauge('poolActive') },
  { name: 'redis_hit_rate', ...ratio('cacheHitRate', 100) },
  { name: 'redis_total_reads', ...gauge('cacheReads') },
  { name: 'db_pool_waiting', ...gauge('poolWaiting') },
  {
    name: 'process_cpu_percent',
    ...ratio('processCores', 100),
    alike: ['targetCpu', 'targetCpuPeak'],
  },
  { name: 'process_rss_mb', ...gauge('targetMemory', mb) },
  { name: 'process_descriptors', ...gauge('targetDescriptors') },
  { name: 'cpu_throttled_percent', ...ratio('cpuThrottled', 100) },
  { name: 'memory_limit_mb', ...gauge('memoryLimit', mb) },
  { name: 'oom_kills', ...gauge('oomKills') },
  { name: 'gpu_memory_mb', ...gauge('gpuMemoryBytes', mb), alike: ['gpuMemory'] },
  { name: 'gpu_memory_total_mb', ...gauge('gpuMemoryTotal', mb) },
  { name: 'gpu_percent', ...gauge('gpuUtilisation', 0.01) },
  { name: 'gpu_temperature_c', ...gauge('gpuTemperature') },
  { name: 'gpu_power_w', ...gauge('gpuPower') },
  { name: 'kv_cache_percent', ...gauge('kvCacheUse', 0.01) },
  { name: 'requests_running', ...gauge('requestsRunning') },
  { name: 'requests_waiting', ...gauge('requestsWaiting') },
  { name: 'preemptions_per_s', ...ratio('preemptions') },
  {
    name: 'generator_busy_percent',
    valueOf: ({ generator }) => generator && 100 * generator.utilisation,
  },
  { name: 'generator_loop_delay_ms', valueOf: ({ generator }) => generator?.loopDelayMaxMs },
  { name: 'generator_lag_p99_ms', valueOf: ({ generator }) => generator?.lagP99Ms },
  {
    name: 'generator_cpu_percent',
    valueOf: ({ generator }) => generator && 100 * generator.cpu,
  },
  { name: 'generator_sockets', valueOf: ({ generator }) => generator?.sockets },
];

const inColumns: ReadonlySet<string> = new Set(
  monitorColumns.flatMap(({ figure, alike = [] }) =>
    figure === undefined ? alike : [figure, ...alike],
  ),
);

/** The figures of a moment without a column of their own, by name; shares from 0 to 1. */
export function furtherFigures({ gauges, ratios }: Tick): Map<string, number> {
  const counted = Object.entries(ratios)
    .filter(([, { whole }]) => whole > 0)
    .map(([name, { part, whole }]) => [name, part / whole] as const);
  const all = [...Object.entries(gauges), ...counted];
  return new Map(all.filter(([name]) => !inColumns.has(name)));
}

/** The maximum number of further columns, since a user definition may read hundreds of figures. */
const mostFurther = 100;

/** Columns for further figures: those of the rows so far, sorted. */
export function furtherColumns(ticks: readonly Tick[]): string[] {
  const names = new Set(ticks.flatMap((tick) => [...furtherFigures(tick).keys()]));
  return [...names].sort().slice(0, mostFurther);
}

/** `unreachable` if there was no answer; `unknown` if it was not requested. */
function apiStatus({ gauges, unknown }: Tick): Cell {
  if (Object.hasOwn(gauges, 'apiStatus')) return gauges['apiStatus'];
  return Object.hasOwn(unknown, 'apiStatus') ? 'unreachable' : undefined;
}

/** `further`: figures without a column of their own; `more`: columns at the end. */
export function monitorHeader(
  further: readonly string[] = [],
  more: readonly string[] = [],
): string {
  const names = [...monitorColumns.map(({ name }) => name), ...further.map(csvCell), ...more];
  return `${names.join(',')}\n`;
}

export function monitorRow(
  tick: Tick,
  further: readonly string[] = [],
  more: readonly string[] = [],
): string {
  const cells = monitorColumns.map(({ valueOf }) => cellText(valueOf(tick)));
  const figures = furtherFigures(tick);
  const others = further.map((name) => furtherText(figures.get(name)));
  return `${[...cells, ...others, ...more.map(csvCell)].join(',')}\n`;
}

/** A table that grows by rows, and by columns when a new figure occurs. */
export class MonitorTable {
  readonly ticks: Tick[] = [];
  private further: readonly string[] | undefined;

  /** The row's text; `undefined` if the columns have changed, so that the whole table must be written again. */
  add(tick: Tick): string | undefined {
    const known = this.further ?? [];
    this.ticks.push(tick);
    const isNew = [...furtherFigures(tick).keys()].some((name) => !known.includes(name));
    if (this.further !== undefined && (!isNew || known.length >= mostFurther)) {
      return monitorRow(tick, known);
    }
    this.further = furtherColumns(this.ticks);
    return undefined;
  }

  text(): string {
    const further = this.further ?? [];
    return monitorHeader(further) + this.ticks.map((tick) => monitorRow(tick, further)).join('');
  }
}

function cellText(value: Cell): string {
  if (value === undefined) return 'unknown';
  return typeof value === 'string' ? value : String(Number(value.toFixed(2)));
}

/** The figure may have any size and unit; five digits are enough. */
function furtherText(value: number | undefined): string {
  return value === undefined ? 'unknown' : String(Number(value.toPrecision(5)));
}

/** Combines the readings of one moment, and adds up the bytes moved since the first. */
export class Ticks {
  private readonly moved = new Map<string, number>();

  add(readings: readonly Reading[], epochMs: number, generator?: Tick['generator']): Tick {
    const gauges = Object.assign({}, ...readings.map((one) => one.gauges ?? {})) as Tick['gauges'];
    const ratios = Object.assign({}, ...readings.map((one) => one.ratios ?? {})) as Tick['ratios'];
    const unknown = Object.assign(
      {},
      ...readings.map((one) => one.unknown ?? {}),
    ) as Tick['unknown'];
    for (const figure of movedFigures) {
      const own = Object.hasOwn(ratios, figure) ? ratios[figure] : undefined;
      if (own !== undefined) this.moved.set(figure, (this.moved.get(figure) ?? 0) + own.part);
    }
    const atMs = readings.at(-1)?.toMs ?? 0;
    return {
      atEpochMs: epochMs + atMs,
      gauges,
      ratios,
      unknown,
      moved: Object.fromEntries(this.moved),
      generator,
    };
  }
}

/** `12:00:05  CPU 12.3 %  memory 4301 MB (53.1 %)  API 12.4 ms (200)  pool 3 of 13, 10 free  cache 75.0 %`. */
export function monitorLine(tick: Tick): string {
  const cells = new Map(monitorColumns.map(({ name, valueOf }) => [name, cellText(valueOf(tick))]));
  const of = (name: string, unit = ''): string => {
    const text = cells.get(name)!;
    return text === 'unknown' || text === 'unreachable' ? text : text + unit;
  };
  const api =
    of('api_latency_ms') === 'unknown'
      ? of('api_status')
      : `${of('api_latency_ms', ' ms')} (${of('api_status')})`;
  const parts = [
    cells.get('timestamp')!.slice(11, 19),
    `CPU ${of('cpu_percent', ' %')}`,
    `memory ${of('memory_mb', ' MB')} (${of('memory_percent', ' %')})`,
    `API ${api}`,
    `pool ${of('db_pool_active')} of ${of('db_pool_size')}, ${of('db_pool_available')} free`,
    `cache ${of('redis_hit_rate', ' %')}`,
  ];
  return `${parts.join('  ')}\n`;
}
