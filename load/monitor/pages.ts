/**
 * Pages of Prometheus metrics besides those in a user definition: exporters for a system's GPUs and
 * machines, its stores, any number of them. Their figures are named by page: `gpuMemory@gpu-1:9400`.
 */
import { dcgmFigures } from './dcgm.ts';
import { inferenceFigures } from './inference-server.ts';
import { namedSeries } from './named-series.ts';
import { nodeFigures } from './node-exporter.ts';
import { prometheus, type Figures } from './prometheus.ts';
import { sourceOf, type MonitorSource } from './source.ts';
import { vectorStoreFigures } from './vector-store.ts';

/** A page, and the series that are read from it by name besides the known ones. */
export interface MetricsPage {
  /** A URL, or a path of the system itself. */
  readonly address: string;
  readonly series: readonly string[];
}

const accepted =
  'pages of Prometheus metrics with blanks between, such as http://gpu-1:9400/metrics, or with series of them ' +
  'by name, http://node-1:9100/metrics#node_load1,node_procs_running; a path is one of the system itself';

const seriesName = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/** Parses a list of pages. Throws with what is accepted. */
export function parsePages(text: string): MetricsPage[] {
  const pages = text
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(parsePage);
  const twice = pages.find((page, i) => pages.findIndex((p) => p.address === page.address) < i);
  if (twice !== undefined)
    throw new Error(`${twice.address} is named twice; accepted: ${accepted}`);
  return pages;
}

function parsePage(word: string): MetricsPage {
  const [address = '', names = ''] = word.split('#', 2);
  const series = names.split(',').filter((name) => name !== '');
  const wrong = series.find((name) => !seriesName.test(name));
  if (wrong !== undefined)
    throw new Error(`${wrong} is no name of a series; accepted: ${accepted}`);
  if (address.startsWith('/')) return { address, series };
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new Error(`${address} is no address; accepted: ${accepted}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new Error(`${url.host}: an address with a user or a password in it is not read`);
  }
  return { address, series };
}

/** `gpu-1:9400`, with the path if it is not /metrics. The query is left out, since it may contain a secret. */
export function pageName(address: string): string {
  if (address.startsWith('/')) return address.split('?', 1)[0]!;
  const { host, pathname } = new URL(address);
  return pathname === '/metrics' ? host : host + pathname;
}

const known: Figures = {
  ...inferenceFigures,
  ...dcgmFigures,
  ...vectorStoreFigures,
  ...nodeFigures,
};

/**
 * Reads the known metrics of model servers, the DCGM exporter, vector stores and machines, and the named
 * series.
 */
export function pageSource({ address, series }: MetricsPage): MonitorSource {
  const name = pageName(address);
  const suffix = address.startsWith('/') ? '' : `@${name}`;
  const figures = Object.entries(known).map(([figure, ways]) => [figure + suffix, ways] as const);
  const page = prometheus(address, Object.fromEntries(figures), {
    isOptional: true,
    name,
    series: series.map((one) => namedSeries(one, suffix)),
  });
  return sourceOf(name, (http) => {
    const source = page.open(http);
    return async (spanMs) => {
      const measured = await source.read(spanMs);
      const isForeign = spanMs !== undefined && Object.keys(measured).length === 0;
      return isForeign ? { unknown: { [name]: foreign } } : measured;
    };
  });
}

const foreign = 'none of the known series is on it; name the wanted ones after a #';
