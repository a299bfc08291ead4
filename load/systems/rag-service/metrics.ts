/** Metrics of a RAG service's users. */
export const ragMetrics = {
  vectorTimeoutRate: {
    kind: 'rate',
    over: 'scheduled',
    better: 'lower',
    what: 'share of all scheduled requests with a vector-store timeout',
  },
} as const;
