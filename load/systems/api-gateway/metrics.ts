/** Metrics of an LLM gateway's users. */
export const gatewayMetrics = {
  outputTokens: { kind: 'counter', unit: 'tokens', what: 'output tokens of all chats' },
  countedChunks: {
    kind: 'counter',
    unit: 'streams',
    what: 'streams with a missing or odd usage: their chunks are counted as tokens',
  },
  unreadUsages: {
    kind: 'counter',
    unit: 'answers',
    what: 'unstreamed answers with a missing or odd usage: their output tokens are unknown',
  },
  onlyThought: {
    kind: 'counter',
    unit: 'answers',
    what: 'answers that reached the limit on tokens while still reasoning',
  },
} as const;
