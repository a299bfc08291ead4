import { expect, test } from '@playwright/test';
import { mean, perSecond, prometheus, share } from '../../../load/monitor/prometheus.ts';
import type { Measured, MonitorHttp } from '../../../load/monitor/source.ts';
import { fault } from '../../faults/fault-matrix.ts';

const gateway = prometheus('/metrics', {
  cacheHitRate: [
    share(
      { name: 'requests', labels: { hit: 'true' } },
      { name: 'requests', labels: { hit: /./ } },
    ),
    share({ name: 'hits' }, { name: 'requests' }),
  ],
  averageBatchSize: mean({ name: 'batch' }),
  targetCpu: perSecond({ name: 'cpu' }),
});

const batches = (sum: number, count: number): string =>
  `batch_bucket{le="+Inf"} ${count}\nbatch_sum ${sum}\nbatch_count ${count}\n`;
const early = `requests{hit="true"} 100\nrequests{hit="false"} 300\n${batches(300, 50)}cpu 7\n`;
const late = `requests{hit="true"} 130\nrequests{hit="false"} 310\n${batches(310, 51)}cpu 9\n`;

/** Reads one answer after the other, 4 s apart. */
async function readings(
  ...answers: readonly (string | Error | { text: string; contentType: string })[]
): Promise<Measured[]> {
  let next = 0;
  const http: MonitorHttp = {
    get: (path) => {
      expect(path).toBe('/metrics');
      const answer = answers[next++]!;
      if (answer instanceof Error) return Promise.reject(answer);
      return Promise.resolve(
        typeof answer === 'string' ? { text: answer, contentType: '' } : answer,
      );
    },
  };
  const open = gateway.open(http);
  const measured: Measured[] = [];
  for (const [i] of answers.entries()) measured.push(await open.read(i === 0 ? undefined : 4000));
  return measured;
}

test('the first reading tells nothing, the second what was gained since', async () => {
  expect(await readings(early, late)).toEqual([
    {},
    {
      ratios: {
        cacheHitRate: { part: 30, whole: 40 },
        averageBatchSize: { part: 10, whole: 1 },
        targetCpu: { part: 2, whole: 4 },
      },
    },
  ]);
});

test('of several ways to a figure the first counts that this target has', async () => {
  const [, measured] = await readings('requests 10\nhits 4\n', 'requests 30\nhits 9\n');
  expect(measured!.ratios).toEqual({ cacheHitRate: { part: 5, whole: 20 } });
});

test('hits that never happened are none of all requests, not unknown', async () => {
  const [, measured] = await readings('requests{hit="false"} 1\n', 'requests{hit="false"} 3\n');
  expect(measured!.ratios).toEqual({ cacheHitRate: { part: 0, whole: 2 } });
});

test('a figure without series is unknown, and the others are told', async () => {
  const [, measured] = await readings('cpu 1\n', 'cpu 2\n');
  const gone = 'its series are not there';
  expect(measured).toEqual({
    ratios: { targetCpu: { part: 1, whole: 4 } },
    unknown: { cacheHitRate: gone, averageBatchSize: gone },
  });
});

test('a series without a number is told as that, though there is another way', async () => {
  const broken = late.replace('{hit="true"} 130', '{hit="true"} NaN');
  const [, measured] = await readings(early, `${broken}hits 7\n`);
  expect(measured!.unknown).toEqual({ cacheHitRate: 'a series of it has no number' });
});

test('lines that no figure needs decide over none', async () => {
  const odd = 'odd{a=} 1\nbatch_bucket{le="0.5" 1\nlatest two\n';
  const [, measured] = await readings(odd + early, late + odd);
  const [, plain] = await readings(early, late);
  expect(measured).toEqual(plain);
});

test('a line of a figure that is not understood costs that figure alone', async () => {
  for (const [before, after] of [
    [early, late.replace('cpu 9', 'cpu nine')],
    [early.replace('cpu 7', 'cpu seven'), late],
  ] as const) {
    const [, measured] = await readings(before, after);
    expect(Object.keys(measured!.ratios!)).toEqual(['cacheHitRate', 'averageBatchSize']);
    expect(measured!.unknown!['targetCpu']).toContain('is not understood');
  }
});

test(
  'a large page is read in pieces, with turns of the event loop between them',
  { annotation: fault(52) },
  async () => {
    const filler = Array.from({ length: 20_000 }, (_, i) => `other_${i}{word="größe"} ${i}\n`).join(
      '',
    );
    const text = early + filler;
    const bytes = Buffer.from(text);
    // As sockets hand it over: a part, and all the rest in one.
    const parts = [bytes.subarray(0, 70_000), bytes.subarray(70_000)];
    const pieces = Math.ceil(bytes.length / 16_384);
    const answer = { text: '', pieces: parts, contentType: '' };
    const http: MonitorHttp = { get: () => Promise.resolve(answer) };
    const reading = gateway.open(http).read(undefined);
    const turn = () => new Promise<undefined>((resolve) => setImmediate(resolve, undefined));
    let turns = 0;
    while ((await Promise.race([reading, turn()])) === undefined) turns += 1;
    expect(await reading).toEqual({});
    expect(pieces).toBeGreaterThan(8);
    expect(turns).toBeGreaterThanOrEqual(pieces - 2);
  },
);

test('more series than can be added up in one go have no figure, and the others have theirs', async () => {
  const many = Array.from({ length: 6000 }, (_, i) => `requests{hit="true",user="${i}"} ${i}\n`);
  const [, measured] = await readings(early + many.join(''), many.join('') + late);
  expect(Object.keys(measured!.ratios!)).toEqual(['averageBatchSize', 'targetCpu']);
  expect(measured!.unknown!['cacheHitRate']).toContain('more than 5000 series');
});

for (const [what, answer, reason] of [
  ['a page of HTML', '<html>log in</html>\n', 'the answer is a page of HTML'],
  ['half an answer', early.slice(0, -3), 'the answer breaks off within a line'],
  [
    'OpenMetrics without its end',
    { text: early, contentType: 'application/openmetrics-text' },
    'the answer breaks off: # EOF is missing',
  ],
  ['nothing', '', 'the answer is empty'],
  ['an error', new Error('status 404'), 'status 404'],
] as const) {
  test(
    `${what} in between is unknown, and the next reading spans it`,
    { annotation: fault(28) },
    async () => {
      const [, between, after] = await readings(early, answer, late);
      expect(between).toEqual({ unknown: { '*': reason } });
      expect(after!.ratios!['cacheHitRate']).toEqual({ part: 30, whole: 40 });
    },
  );
}
