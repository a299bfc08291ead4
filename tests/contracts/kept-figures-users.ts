/** The users of the kept figures: between them they do whatever a task can do. */
import { between, datasetOf, failure, hangs, type User, type World } from './kept-figures-run.ts';

/** From 20 to 220 ms as drawn; what is drawn to fail fails. */
function answer({ pass, slowness, failing }: World, [first, second]: readonly number[]) {
  return async (): Promise<void> => {
    await pass(slowness * (20 + 200 * first!));
    if (second! < failing) throw failure('failed', 'status 500', `drawn to fail`);
  };
}

/** One task, `chat`, of one request. */
export const plain = (world: World): User => ({
  thinkTime: between(100, 500),
  tasks: {
    chat: {
      run: async ({ measure, random }) => {
        await measure('chat', answer(world, [random(), random()]));
      },
    },
  },
});

export const labelled = (world: World): User => ({
  thinkTime: between(200, 700),
  parameters: { model: world.model },
  metrics: {
    tokens: { kind: 'counter', unit: 'tokens' },
    queue: { kind: 'gauge' },
    cached: { kind: 'rate' },
    cost: { kind: 'trend', unit: 'ms' },
  },
  tasks: {
    chat: {
      weight: 3,
      run: async ({ measure, random, label, record }) => {
        label('model', random() < 0.4 ? 'small' : 'large');
        await measure('chat', answer(world, [random(), random()]));
        record('tokens', 10 + Math.floor(90 * random()));
        record('queue', Math.floor(9 * random()));
        record('cached', random() < 0.3 ? 1 : 0);
        record('cost', 100 * random());
      },
    },
    search: {
      deadline: '5s',
      run: async ({ measure, random, wait }) => {
        await measure('find', answer(world, [random() / 2, random()]));
        await wait('50ms');
        await measure('rank', answer(world, [random() / 4, random()]));
      },
    },
  },
});

export const streamed = ({ slowness, clock }: World): User => ({
  metrics: {
    achievableHitRate: { kind: 'rate' },
    cacheHitRateGap: { kind: 'difference', of: ['cacheHitRate', 'achievableHitRate'] },
  },
  tasks: {
    chat: {
      run: async ({ http, random, record }) => {
        const isThrottled = random() < 0.005;
        const query = {
          ttft: slowness * (30 + 60 * random()),
          gap: 5 + 10 * random(),
          chunks: 4,
          isThrottled,
        };
        record('achievableHitRate', random() < 0.6 ? 1 : 0);
        await http.post('/chat', { query });
      },
    },
  },
  monitor: {
    name: '/metrics',
    open: () => ({
      read: (spanMs) => {
        const second = Math.max(0, clock.now() / 1000);
        const gauges = {
          targetMemory: 2e8 + 1e6 * second,
          targetDescriptors: 40 + Math.round(second),
          poolAvailable: 9 - (second % 3),
        };
        const ratios = {
          cacheHitRate: { part: Math.round(second), whole: 20 },
          averageBatchSize: { part: 60, whole: 10 },
        };
        const unknown = { targetCpu: 'this server does not tell it' };
        return Promise.resolve(spanMs === undefined ? { gauges } : { gauges, ratios, unknown });
      },
    }),
  },
});

export const inSessions = ({ pass }: World): User => ({
  thinkTime: between(100, 300),
  session: { requests: 4 },
  connections: 'none',
  data: datasetOf('rows', 'circular', [10, 20, 30, 40, 50]),
  onStart: async ({ measure }) => {
    await measure('login', () => pass(40));
    return { turns: 0 };
  },
  onStop: async ({ measure }) => {
    await measure('logout', () => pass(15));
  },
  tasks: {
    ask: {
      run: async ({ measure, data, state, fail, random }) => {
        const turn = ((state as { turns: number }).turns += 1);
        await measure(`turn ${turn}`, () => pass(data.next() as number));
        if (random() < 0.02) fail('the answer was about something else');
      },
    },
  },
});

export const failingInAllWays = ({ clock, pass }: World): User => ({
  thinkTime: between(50, 150),
  slow: '1s',
  tasks: {
    query: {
      weight: 4,
      deadline: '1500ms',
      toleratesDegraded: true,
      run: async ({ measure, random, label }) => {
        label('way', random() < 0.5 ? 'here' : 'there');
        const drawn = random();
        await measure('query', async () => {
          const nowMs = clock.now();
          // Nothing comes back for three seconds, and then all at once.
          if (nowMs >= 6000 && nowMs < 9000) await clock.until(9000 + drawn * 50);
          await pass(30 + 120 * drawn);
          if (drawn < 0.03) throw failure('failed', 'status 502', 'bad gateway | <b>');
          if (drawn < 0.05) throw failure('invalid', 'schema', 'answer: expected string');
          if (drawn < 0.08) throw failure('throttled', 'throttled', 'slow down');
          if (drawn < 0.12) throw failure('degraded', 'degraded', 'status 503');
          if (drawn < 0.13) throw new Error('broken\nin two lines');
          if (drawn > 0.98) await hangs();
        });
      },
    },
    never: {
      weight: 1,
      run: ({ measure }) => measure('never', () => Promise.reject(new Error('no'))),
    },
  },
});

export const probing = ({ pass }: World): User => ({
  metrics: {
    probesInCatalogue: { kind: 'gauge' },
    probesJudgeable: { kind: 'gauge' },
    probesSent: { kind: 'counter' },
    probesUnanswered: { kind: 'counter' },
    probesWithoutListener: { kind: 'counter' },
    sandboxViolations: { kind: 'counter', over: 'run' },
    controlsSent: { kind: 'counter' },
    controlsRefused: { kind: 'counter' },
  },
  tasks: {
    probe: {
      run: async ({ measure, label, record, random, fail }) => {
        const family = random() < 0.6 ? 'paths' : 'hosts';
        label('family', family);
        record('probesInCatalogue', 5);
        record('probesJudgeable', 4);
        const probe = `${family}-${Math.floor(4 * random())}`;
        label('probe', probe);
        await measure(probe, () => pass(12));
        record('probesSent', 1);
        record('controlsSent', 1);
        if (family === 'hosts') record('probesWithoutListener', 1);
        if (random() > 0.95) record('probesUnanswered', 1);
        if (probe !== 'paths-2') return;
        record('sandboxViolations', 1);
        fail('paths-2 read /etc/passwd');
      },
    },
  },
});

/** Waits for its turn at one server, and gets slower from minute to minute. */
export const queueing = ({ fifo, clock, slowness }: World): User => ({
  slow: '800ms',
  tasks: {
    chat: {
      deadline: '2s',
      run: async ({ measure, random }) => {
        const service = -Math.log1p(-random()) * 60 * slowness;
        await measure('chat', () => fifo.serve(service + clock.now() / 4000));
      },
    },
  },
});

/** One in twelve is never answered. */
export const hanging = ({ pass }: World): User => ({
  thinkTime: between(100, 200),
  tasks: {
    chat: {
      run: async ({ measure, random }) => {
        const drawn = random();
        await measure('chat', () => (drawn < 0.08 ? hangs() : pass(300 * drawn)));
      },
    },
  },
});
