import { expect, test } from '@playwright/test';
import { Hops } from '../../../../load/clients/http/server-timing.ts';
import { Sample } from '../../../../load/metrics/record/sample.ts';

function hopsOf(header: string | undefined, hops = new Hops()) {
  const sample = new Sample({ index: 0, stream: 0, task: 't', request: 't' }, 0, 0);
  hops.addTo(sample, header);
  return sample.hops;
}

const headers: readonly (readonly [string, [string, number][] | undefined])[] = [
  [
    'pool;dur=12.5, search;dur=40',
    [
      ['hop.pool', 12.5],
      ['hop.search', 40],
    ],
  ],
  ['db; dur = 3 ;desc="a, b; dur=9"', [['hop.db', 3]]],
  ['cache;desc="hit, all of it",app;dur="7"', [['hop.app', 7]]],
  ['a.b;dur=1', [['hop.a_b', 1]]],
  ['a{b};dur=1', undefined],
  ['total;dur=1e3', [['hop.total', 1000]]],
  ['miss', undefined],
  ['broken;dur=abc', undefined],
  ['negative;dur=-5', undefined],
  ['endless;dur=1e300', undefined],
  ['', undefined],
];

for (const [header, expected] of headers) {
  test(`${header === '' ? 'an empty header' : header} is told`, () => {
    expect(hopsOf(header)).toEqual(expected);
  });
}

test('an answer without the header costs its sample nothing', () => {
  expect(hopsOf(undefined)).toBeUndefined();
});

test('of names without end twenty are kept apart', () => {
  const hops = new Hops();
  const names = new Set<string>();
  for (let i = 0; i < 1000; i++) {
    for (const [name] of hopsOf(`hop${i};dur=1`, hops) ?? []) names.add(name);
  }
  expect(names.size).toBe(21);
  expect(names).toContain('hop.other');
});

test('of a header without end so much is read as any service would send', () => {
  const many = Array.from({ length: 100_000 }, (_, i) => `a${i % 5};dur=1`).join(',');
  expect(hopsOf(many)!.length).toBeLessThan(300);
});
