/** Metrics of the MCP server's users, and of those that probe its sandbox. */
export const mcpMetrics = {
  toolSuccessRate: {
    kind: 'rate',
    over: 'scheduled',
    better: 'higher',
    what: 'share of all scheduled tool calls that succeeded',
  },
  sessionsOpened: { kind: 'counter', what: 'sessions that were opened' },
  sessionsClosed: { kind: 'counter', what: 'sessions that were ended by their users' },
  sessionsLost: {
    kind: 'counter',
    better: 'lower',
    what: 'sessions that were ended by the server',
  },
  streamsResumed: {
    kind: 'counter',
    what: 'streams that the server closed before the answer and the client resumed',
  },
} as const;

export const probeMetrics = {
  probesInCatalogue: { kind: 'gauge' },
  probesJudgeable: { kind: 'gauge' },
  probesWithoutFiles: { kind: 'counter' },
  probesWithoutListener: { kind: 'counter' },
  probesWithoutPages: { kind: 'counter' },
  probesWithoutEndpoint: { kind: 'counter' },
  probesSent: { kind: 'counter' },
  probesUnanswered: { kind: 'counter' },
  sandboxViolations: {
    kind: 'counter',
    over: 'run',
    better: 'lower',
    what: 'probes that escaped the sandbox',
  },
  controlsSent: { kind: 'counter' },
  controlsRefused: { kind: 'counter' },
} as const;
