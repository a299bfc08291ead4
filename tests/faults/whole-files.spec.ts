/** Files are written completely and then renamed (fault matrix, 36), so every reader sees one version. */
import { readdirSync, readFileSync } from 'node:fs';
import { endChild, messageFrom, startChild } from '../instrument/child.ts';
import { fault } from './fault-matrix.ts';
import { expect, test } from './suite-run.ts';

const looks = 100;
/** If there were only one version, all looks would be whole. */
const versions = 6;

test(
  'a file that another process writes again and again is whole at every look',
  { annotation: fault(36) },
  async () => {
    const folder = test.info().outputDir;
    const path = test.info().outputPath('results.json');
    const writers = ['a', 'b'].map((name) => startChild('../faults/rewriting.ts', { path, name }));
    try {
      await Promise.all(writers.map(messageFrom));
      const seen = new Set<string>();
      for (let look = 0; look < looks || seen.size < versions; look++) {
        const text = readFileSync(path, 'utf8');
        const { writer, count, rest, end } = JSON.parse(text) as Record<string, string>;
        expect(end).toBe(`${writer} ${count} ${rest?.length}`);
        seen.add(`${writer} ${count}`);
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      // kill -9, probably during a write.
      await Promise.all(writers.map(endChild));
    }
    const { end } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>;
    expect(end).toMatch(/^[ab] \d+ \d+$/);
    // A killed writer leaves a temporary file that nothing reads.
    for (const name of readdirSync(folder)) expect(name).toMatch(/^results\.json(\.\d+\.tmp)?$/);
  },
);
