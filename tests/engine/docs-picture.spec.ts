/** The picture of the data flow in docs/architecture.md shows what is there. */
import { expect, test } from '@playwright/test';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { docsBlock } from '../examples/fenced-blocks.ts';

test('the files and folders in the picture of the data flow are there, and each arrow joins two of its boxes', () => {
  const picture = docsBlock('docs/architecture.md', 'mermaid');
  const boxes = [...picture.matchAll(/^ {2}(\w+)(?:\["(.*)"\]|\(\[.*\]\))$/gm)];
  const paths = boxes.flatMap(([, , text = '']) => pathsIn(text.split('<br>')[1] ?? ''));
  expect(paths.length).toBeGreaterThan(15);
  const specs = 'tests/systems/*.spec.ts';
  expect(paths.filter((path) => path !== specs && !existsSync(path))).toEqual([]);
  const arrows = picture.split('\n').filter((line) => / (?:--|<-->)/.test(line));
  const ends = arrows.flatMap((line) => line.trim().split(/ (?:-->|<-->|-- [\w.]+ -->) /));
  const names = boxes.map(([, name]) => name);
  expect(ends.length).toBeGreaterThan(names.length);
  expect(ends.filter((name) => !names.includes(name))).toEqual([]);
});

/** `load/a/one.ts, two.ts, b/`: all that have no folder of `load/` of their own are in the first one's. */
function pathsIn(text: string): string[] {
  const parts = text.split(', ').filter((part) => part !== '');
  return parts.map((part) => {
    if (/^(?:load|fixtures|tests)\//.test(part)) return part;
    const [first = ''] = parts;
    const folders = [dirname(first), dirname(dirname(first)), dirname(dirname(dirname(first)))];
    const paths = [first, ...folders].map((folder) => join(folder, part));
    return paths.find((path) => existsSync(path)) ?? part;
  });
}
