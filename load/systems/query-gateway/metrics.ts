/** Metrics of a query gateway's users. Its own figures are read by the monitor. */
export const queryMetrics = {
  achievableHitRate: {
    kind: 'rate',
    better: 'higher',
    what: 'share of requests whose text was sent before in this load: the best possible cache hit rate',
  },
  cacheHitRateGap: {
    kind: 'difference',
    of: ['cacheHitRate', 'achievableHitRate'],
    better: 'lower',
    what: 'difference between the cache hit rate and the achievable one',
  },
  routerLatency: {
    kind: 'trend',
    unit: 'ms',
    better: 'lower',
    what: 'time of its router, as the gateway reports it (`x-router-latency`)',
  },
} as const;
