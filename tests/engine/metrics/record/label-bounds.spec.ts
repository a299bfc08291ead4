import { expect, test } from '@playwright/test';
import { LabelBounds } from '../../../../load/metrics/record/label-bounds.ts';

test('values within the bound stay as they are', () => {
  const bounds = new LabelBounds(3);
  for (const model of ['a', 'b', 'c', 'a', 'b', 'c']) {
    expect(bounds.bound({ model })).toEqual({ model });
  }
  expect(bounds.notes()).toEqual([]);
});

test('values past the bound count as `other`, with one note', () => {
  const bounds = new LabelBounds(2);
  const bound = ['a', 'b', 'c', 'd', 'a'].map((model) => bounds.bound({ model })['model']);
  expect(bound).toEqual(['a', 'b', 'other', 'other', 'a']);
  expect(bounds.notes()).toEqual(['label model: more than 2 values; the rest counts as "other"']);
});

test('each label has a bound of its own', () => {
  const bounds = new LabelBounds(1);
  bounds.bound({ model: 'a', tenant: 'x' });
  expect(bounds.bound({ model: 'b', tenant: 'x' })).toEqual({ model: 'other', tenant: 'x' });
});

test('labels come in the order of their names, however they were set', () => {
  const keys = Object.keys(new LabelBounds(5).bound({ tenant: 'x', model: 'a', turn: '1' }));
  expect(keys).toEqual(['model', 'tenant', 'turn']);
});

test('combinations of labels are bounded, too: series do not multiply without end', () => {
  const bounds = new LabelBounds(50);
  const seen = new Set<string>();
  for (let i = 0; i < 20_000; i++) {
    const labels = { a: `${i % 50}`, b: `${Math.floor(i / 50) % 50}`, c: `${i % 7}` };
    seen.add(JSON.stringify(bounds.bound(labels)));
  }
  expect(seen.size).toBeLessThanOrEqual(1001);
  expect(bounds.notes()).toEqual([
    'labels: more than 1000 combinations; the rest counts as "other"',
  ]);
});

test('names of labels are bounded, too', () => {
  const bounds = new LabelBounds(50);
  const seen = new Set<string>();
  for (let i = 0; i < 5000; i++) seen.add(JSON.stringify(bounds.bound({ [`name${i}`]: 'x' })));
  expect(seen.size).toBeLessThanOrEqual(1001);
});

test('a label with a dangerous name is a label like any other', () => {
  const bound = new LabelBounds(5).bound(JSON.parse('{"__proto__":"x"}') as Record<string, string>);
  expect(Object.entries(bound)).toEqual([['__proto__', 'x']]);
  expect(Reflect.get({}, 'x')).toBeUndefined();
});
