import { expect, test } from '@playwright/test';
import type { SeriesRecord } from '../../../../load/metrics/log/schema.ts';
import { probeFamiliesIn, upperBound } from '../../../../load/systems/mcp-server/probe-families.ts';
import { requests, resultOf } from '../../report/make-log.ts';

function catalogueOf(family: string, probesInCatalogue: number, probesJudgeable: number) {
  return requests([], {
    stream: 1,
    task: 'probe',
    request: 'probe',
    labels: { family },
    gauges: { probesInCatalogue, probesJudgeable },
  });
}

function probe(
  id: string,
  counters: Record<string, number>,
  more: Partial<SeriesRecord> = {},
): SeriesRecord {
  const labels = { family: id.split('-')[0]!, probe: id };
  return requests([], { stream: 1, task: 'probe', request: 'probe', labels, counters, ...more });
}

const error = { kind: 'task', count: 2, firstMs: 1, lastMs: 2 };

test('counts probes, sendings and violations of each family, controls apart, over all phases', () => {
  const result = resultOf({
    seconds: [
      [
        requests([1], { labels: { family: 'of another kind' } }),
        catalogueOf('files', 5, 5),
        catalogueOf('git', 3, 2),
        catalogueOf('web', 4, 0),
        probe('files-1', { probesSent: 2, sandboxViolations: 0 }, { phase: 'ramp-up' }),
        probe('files-1', { probesSent: 1, sandboxViolations: 0 }),
        probe('files-2', { probesSent: 1, sandboxViolations: 0 }),
        probe('files-2', { probesUnanswered: 3 }),
        probe('files-c1', { controlsSent: 2, sandboxViolations: 0, controlsRefused: 1 }),
        probe('git-c1', { controlsSent: 1 }),
      ],
      [
        probe(
          'git-1a',
          { probesSent: 2, sandboxViolations: 2 },
          {
            errors: [
              { ...error, kind: 'reset', sample: 'gone' },
              { ...error, sample: 'git-1a got out: git_log: the canary was seen' },
            ],
          },
        ),
      ],
    ],
  });
  expect(probeFamiliesIn(result)).toEqual([
    {
      family: 'files',
      inCatalogue: 5,
      judgeable: 5,
      probes: 2,
      sent: 4,
      violations: 0,
      unanswered: 3,
      controls: 2,
      refusedControls: 1,
      isConclusive: false,
      upperBound: undefined,
      found: [{ probe: 'files-c1', count: 1, evidence: '' }],
    },
    {
      family: 'git',
      inCatalogue: 3,
      judgeable: 2,
      probes: 1,
      sent: 2,
      violations: 2,
      unanswered: 0,
      controls: 1,
      refusedControls: 0,
      isConclusive: true,
      upperBound: undefined,
      found: [
        { probe: 'git-1a', count: 2, evidence: 'git-1a got out: git_log: the canary was seen' },
      ],
    },
    {
      family: 'web',
      inCatalogue: 4,
      judgeable: 0,
      probes: 0,
      sent: 0,
      violations: 0,
      unanswered: 0,
      controls: 0,
      refusedControls: 0,
      isConclusive: false,
      upperBound: undefined,
      found: [],
    },
  ]);
});

test('a family is conclusive where its controls were allowed, or there is none to send', () => {
  const sent = (id: string): SeriesRecord => probe(id, { probesSent: 4 });
  const slice = [
    catalogueOf('files', 1, 1),
    sent('files-1'),
    catalogueOf('git', 1, 1),
    sent('git-1'),
    probe('git-c1', { controlsSent: 2 }),
    // Its control needs pages.
    catalogueOf('web', 2, 1),
    sent('web-1'),
    probe('web-3a', { probesWithoutPages: 1 }),
    catalogueOf('endpoint', 1, 1),
    sent('endpoint-1'),
  ];
  const reports = probeFamiliesIn(resultOf({ seconds: [slice] }));
  expect(reports.map((one) => [one.family, one.isConclusive, one.upperBound])).toEqual([
    ['files', false, undefined],
    ['git', true, upperBound(4)],
    ['web', true, upperBound(4)],
    ['endpoint', true, upperBound(4)],
  ]);
});

test('names the probes that were not sent, once each, by the oracle that they lack', () => {
  const slice = [
    catalogueOf('web', 4, 1),
    probe('web-6a', { probesWithoutPages: 1 }),
    probe('web-3a', { probesWithoutPages: 1 }),
    probe('web-1a', { probesSent: 1 }),
    catalogueOf('endpoint', 1, 0),
    probe('endpoint-1a', { probesWithoutEndpoint: 1 }),
    catalogueOf('git', 1, 1),
  ];
  const reports = probeFamiliesIn(resultOf({ seconds: [[...slice, ...slice]] }));
  expect(reports.map(({ family, lacking }) => [family, lacking])).toEqual([
    ['web', { pages: ['web-3a', 'web-6a'] }],
    ['endpoint', { endpoint: ['endpoint-1a'] }],
    ['git', undefined],
  ]);
});

test('without probes there are no families', () => {
  const labels = { family: 'red', probe: 'deep' };
  expect(probeFamiliesIn(resultOf({ seconds: [[requests([1], { labels })]] }))).toEqual([]);
});

test('slices that each tell of the same catalogue are one catalogue', () => {
  const twice = [catalogueOf('web', 4, 3), catalogueOf('web', 4, 3)];
  expect(probeFamiliesIn(resultOf({ seconds: [twice] }))).toMatchObject([
    { inCatalogue: 4, judgeable: 3 },
  ]);
});

for (const [tries, bound] of [
  [0, 1],
  [1, 0.95],
  [100, 0.0295],
  [300, 0.00994],
] as const) {
  test(`no violation in ${tries} leaves at most ${bound}`, () => {
    expect(upperBound(tries)).toBeCloseTo(bound, 4);
  });
}
