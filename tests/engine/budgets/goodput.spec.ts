import { expect, test } from '@playwright/test';
import { goodputOf, refuseEmptyGoodput } from '../../../load/budgets/goodput.ts';
import { observe } from '../../../load/budgets/observe/observe.ts';
import { judge } from '../../../load/budgets/judge.ts';
import type { TrendName } from '../../../load/metrics/definitions.ts';
import { Sample } from '../../../load/metrics/record/sample.ts';
import { arrivals } from '../../../load/workload/arrivals.ts';
import { runVirtually } from '../virtual-load.ts';
import { budget } from './make-result.ts';

const asked = budget('goodput', '> 95 %');

interface Made {
  readonly responseMs?: number;
  readonly outcome?: Sample['outcome'];
  readonly task?: string;
  readonly labels?: Record<string, string>;
  readonly values?: [TrendName, number][];
}

function made({ responseMs = 100, outcome = 'ok', task = 'chat', labels, values }: Made): Sample {
  const sample = new Sample({ index: 0, stream: 0, task, request: task }, 0, 0);
  sample.startedAtMs = 10;
  sample.endedAtMs = responseMs;
  sample.judge(outcome);
  sample.labels = labels;
  sample.values = values;
  return sample;
}

const limits = [
  budget('p95', '< 1 s'),
  budget('p99', '< 2 s'),
  budget('max', '< 9 s'),
  budget('p50', '> 1 ms'),
  budget('p95', '< 5 s', { task: 'report' }),
  budget('p95{model=large}', '< 3 s'),
  budget('interToken.p95', '<= 50 ms'),
  budget('chunkGap.p99', '< 200 ms'),
];

for (const [what, sample, good] of [
  ['within all limits', { responseMs: 1500 }, true],
  ['beyond the loosest limit of a metric', { responseMs: 2000 }, false],
  ['of a task with a limit of its own', { responseMs: 4000, task: 'report' }, true],
  ['of a label with a limit of its own', { responseMs: 2500, labels: { model: 'large' } }, true],
  ['of another label', { responseMs: 2500, labels: { model: 'small' } }, false],
  ['at a limit that may be met', { values: [['interToken', 50]] }, true],
  ['with too slow tokens', { values: [['interToken', 51]] }, false],
  [
    'with one gap of several too long',
    {
      values: [
        ['chunkGap', 20],
        ['chunkGap', 250],
      ],
    },
    false,
  ],
  ['that failed fast', { outcome: 'failed' }, false],
  ['that was dropped', { outcome: 'dropped' }, false],
] as const) {
  test(`a request ${what} is ${good ? 'good' : 'not good'}`, () => {
    expect(goodputOf([...limits, asked])!(made(sample as Made))).toBe(good);
  });
}

test('limits on streams say nothing of a request that never streams', () => {
  const isGood = goodputOf([budget('ttft.p95', '< 1 s'), asked])!;
  expect(isGood(made({}))).toBeUndefined();
  expect(isGood(made({ outcome: 'failed' }))).toBeUndefined();
  expect(isGood(made({ values: [['ttft', 900]] }))).toBe(true);
  expect(isGood(made({ values: [['ttft', 1000]] }))).toBe(false);
});

test('nothing is looked at where no budget asks for it', () => {
  expect(goodputOf(limits)).toBeUndefined();
  expect(goodputOf([...limits, budget('goodputPerSecond', '> 1 /s')])).toBeDefined();
});

test('goodput without a limit that says what is good is refused', () => {
  expect(() => {
    refuseEmptyGoodput([asked, budget('max', '< 1 s'), budget('errorRate', '< 1 %')]);
  }).toThrow('budgets["goodput"]: no limit says which requests are good');
  refuseEmptyGoodput([asked, budget('p95', '< 1 s')]);
  refuseEmptyGoodput([budget('errorRate', '< 1 %')]);
});

test('a load tells its goodput as a share of all scheduled requests and per second', async () => {
  let n = 0;
  const budgets = [
    budget('p95', '< 100 ms'),
    budget('goodput', '> 50 %'),
    budget('goodputPerSecond', '> 5 /s'),
    budget('goodput', '> 50 %', { task: 'never' }),
  ];
  const { result } = await runVirtually({
    workload: arrivals({ rate: '10/s', duration: '60s' }),
    budgets,
    user: (clock) => ({
      tasks: {
        // Five in ten are quick, three slow, and two fail.
        chat: {
          run: async ({ measure }) => {
            const turn = n++ % 10;
            await measure('ask', async () => {
              await clock.until(clock.now() + (turn < 5 ? 50 : 150));
              if (turn >= 8) throw new Error('no');
            });
          },
        },
        never: {
          weight: 0,
          run: ({ measure }) => measure('never', () => Promise.reject(new Error('no'))),
        },
      },
    }),
    system: () => Promise.resolve(),
  });
  expect(observe(result, budgets[1]!)).toMatchObject({ value: 0.5, samples: 600 });
  expect(observe(result, budgets[2]!)).toMatchObject({ value: 5, samples: 600 });
  const { judgements } = judge(result);
  expect(judgements.map(({ status }) => status)).toEqual(['fail', 'fail', 'fail', 'no-data']);
});
