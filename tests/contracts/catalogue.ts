/**
 * The catalogue of scenarios as plain data, written from its text and not from the load tests: what each
 * row sends, and which budgets it has. Every load has `errorRate < 1 %` unless its row says otherwise.
 */
export interface CatalogueLoad {
  /** `users / spawn rate per s / duration`; a level that starts at once has no spawn rate. */
  readonly load: string;
  /** Seconds between two iterations. Default: the system's. */
  readonly think?: readonly [number, number];
  /** Tasks by weight. Default: the system's. */
  readonly mix?: Readonly<Record<string, number>>;
  readonly budgets: readonly string[];
  /** Background streams, with their rates. */
  readonly background?: readonly string[];
  /** Name of a second load of a test. Such a load is not compared with a baseline. */
  readonly as?: string;
}

export interface CatalogueSystem {
  readonly think: readonly [number, number];
  readonly mix: Readonly<Record<string, number>>;
  /** The tests of each project, in order, and the loads of each test. */
  readonly rows: Readonly<Record<string, readonly (readonly CatalogueLoad[])[]>>;
}

const none = [0, 0] as const;
const errors = (limit: string): string => `errorRate < ${limit} %`;

const gatewayLevel = ['p95 < 2 s', errors('1')];
const perToken = (labels = ''): string[] => [
  `ttft.p95${labels} < 1 s`,
  `interToken.p95${labels} < 100 ms`,
  `goodput${labels} > 95 %`,
];
const streaming = [...perToken(), errors('1')];
/** Turns that every conversation has; there are too few later ones. */
const byTurn = ['{turn=1}', '{turn=2}', '{turn=3}'].flatMap((turn) => [
  ...perToken(turn),
  `errorRate${turn} < 1 %`,
]);

const apiGateway: CatalogueSystem = {
  think: [2, 5],
  mix: { 'chat completion': 7, 'list models': 2, 'health check': 1 },
  rows: {
    baseline: [[{ load: '1 / 1 / 2 min', think: none, budgets: gatewayLevel }]],
    progressive: [
      [{ load: '10 / 1 / 5 min', budgets: gatewayLevel }],
      [{ load: '50 / 5 / 5 min', budgets: gatewayLevel }],
      [{ load: '100 / 10 / 5 min', budgets: [...gatewayLevel, 'throughput > 10 /s'] }],
    ],
    streaming: [[{ load: '20 / 2 / 2 min', budgets: streaming }]],
    conversation: [
      [{ load: '10 / 1 / 3 min', mix: { conversation: 1 }, budgets: [...streaming, ...byTurn] }],
    ],
  },
};

const ragLevel = ['query: p95 < 3 s', 'vectorTimeoutRate < 0.1 %', errors('1')];
const ragService: CatalogueSystem = {
  think: [3, 8],
  mix: { query: 7, 'index documents': 3 },
  rows: {
    baseline: [[{ load: '1 / 1 / 5 min', think: none, budgets: [errors('1')] }]],
    progressive: [
      [{ load: '5 / 1 / 5 min', budgets: ragLevel }],
      [{ load: '25 / 3 / 5 min', budgets: [...ragLevel, 'index documents: p95 < 5 s'] }],
      [{ load: '50 / 5 / 5 min', budgets: [...ragLevel, 'index documents: p95 < 5 s'] }],
    ],
  },
};

const mcpLevel = {
  budgets: ['p95 < 5 s', 'sandboxViolations = 0', 'toolSuccessRate > 99 %', errors('1')],
  background: ['probes 4/s'],
};
const mcpServer: CatalogueSystem = {
  think: [2, 6],
  mix: { read_file: 8, write_file: 4, git_status: 8, git_log: 4, web_scrape: 6 },
  rows: {
    baseline: [[{ load: '1 / 1 / 3 min', think: none, budgets: [errors('1')] }]],
    progressive: [
      [{ load: '5 / 1 / 5 min', ...mcpLevel }],
      [{ load: '20 / 2 / 5 min', ...mcpLevel }],
    ],
  },
};

const noRise = [
  'rise.p95 < 10 %',
  'rise.targetMemory < 5 %, where reported',
  'rise.targetDescriptors < 10 %, where reported',
];
const healthAgent: CatalogueSystem = {
  think: [5, 15],
  mix: { chat: 5, 'log food': 2, reminders: 2, xp: 1 },
  rows: {
    baseline: [[{ load: '5 / 1 / 3 min', think: none, budgets: ['p95 < 3 s', errors('1')] }]],
    steady: [
      [
        {
          load: '100 / 10 / 10 min',
          budgets: [
            'p95 < 3 s',
            errors('1'),
            'throughput > 8.3 /s',
            'cacheHitRate > 70 %, last 5 min, where reported',
            'poolAvailable > 0, where reported',
          ],
        },
      ],
    ],
    spike: [[{ load: '200 / 200 / 5 min', budgets: ['p95 < 5 s', errors('5')] }]],
    endurance: [[{ load: '50 / 5 / 60 min', budgets: ['p95 < 3 s', errors('1'), ...noRise] }]],
  },
};

const fastAnswers = ['p99 < 100 ms', errors('0.1')];
const queryGateway: CatalogueSystem = {
  // Each row has its own.
  think: none,
  mix: {},
  rows: {
    general: [
      [
        {
          load: '50 / 5 / 120 s',
          think: [0.1, 0.5],
          mix: { common: 4, unique: 6, health: 1 },
          budgets: [
            ...fastAnswers,
            'p50 < 30 ms',
            'p95 < 50 ms',
            'p50{answered=before} < 5 ms',
            'cacheHitRate > 30 %',
            'cacheHitRateGap < 2 points',
          ],
        },
      ],
    ],
    baseline: [
      [
        {
          load: '10 / 2 / 60 s',
          think: [0.01, 0.08],
          mix: { common: 4, unique: 6 },
          budgets: [...fastAnswers, 'throughput > 100 /s'],
        },
      ],
    ],
    cache: [
      [
        {
          load: '50 / 10 / 60 s',
          think: [0.05, 0.2],
          mix: { common: 1 },
          budgets: ['cacheHitRate > 90 %', 'p99 < 5 ms', errors('0.1')],
        },
      ],
    ],
    batch: [
      [
        {
          load: '1 / 1 / 10 s',
          as: 'alone',
          think: none,
          mix: { unique: 1 },
          budgets: fastAnswers,
        },
        {
          load: '100 / 20 / 120 s',
          think: [0.01, 0.05],
          mix: { unique: 1 },
          budgets: [...fastAnswers, 'averageBatchSize > 8', 'throughput > 500 /s'],
        },
      ],
    ],
    stress: [
      [
        {
          load: '200 / 20 / 120 s',
          think: [0.01, 0.1],
          mix: { common: 2, unique: 8 },
          budgets: [errors('0.1'), 'throughput > 500 /s'],
        },
      ],
    ],
  },
};

const endpoints = [
  'health: p95 < 50 ms',
  'system metrics: p95 < 500 ms',
  'analysis: p95 < 2 s',
  'lmcache status: p95 < 200 ms',
];
const withRoom = [...endpoints, 'targetCpuPeak < 80 %, where reported'];
const quick = [...withRoom, 'avg < 200 ms', 'p95 < 500 ms', errors('0.1')];
const usual = [...withRoom, 'avg < 500 ms', 'p95 < 1.5 s', errors('0.5')];
const heavy = [...withRoom, 'throughput > 80 /s', 'avg < 1 s', 'p95 < 2.5 s', errors('1')];
const bent = ['p95 < 5 s', errors('5')];
const recovery: CatalogueLoad = {
  load: '10 / at once / 10 s',
  as: 'recovery',
  budgets: ['p95 < 500 ms', errors('1')],
};
const stressed = [...bent, 'avg < 2 s', 'throughput > 100 /s'];
const resourceAgent: CatalogueSystem = {
  think: [0.3, 0.9],
  mix: { health: 10, 'system metrics': 5, analysis: 3, 'lmcache status': 3 },
  rows: {
    light: [[{ load: '10 / 2 / 1 min', budgets: [...quick, 'throughput > 10 /s'] }]],
    medium: [[{ load: '50 / 5 / 2 min', budgets: [...usual, 'throughput > 40 /s'] }]],
    heavy: [[{ load: '100 / 10 / 2 min', budgets: heavy }]],
    stress: [[{ load: '200 / 20 / 2 min', budgets: stressed }, recovery]],
    baseline: [[{ load: '30 / 3 / 5 min', budgets: [...usual, 'throughput > 24 /s'] }]],
    peak: [[{ load: '100 / 10 / 3 min', budgets: heavy }]],
    spike: [[{ load: '150 / 50 / 2 min', budgets: [...bent, 'throughput > 75 /s'] }, recovery]],
    endurance: [
      [{ load: '20 / 2 / 30 min', budgets: [...quick, ...noRise, 'throughput > 20 /s'] }],
    ],
  },
};

export const catalogue: Readonly<Record<string, CatalogueSystem>> = {
  'api-gateway': apiGateway,
  'rag-service': ragService,
  'mcp-server': mcpServer,
  'health-agent': healthAgent,
  'query-gateway': queryGateway,
  'resource-agent': resourceAgent,
};
