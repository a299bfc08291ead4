/** Baselines in a merge: one comparison for all slices of a load, and one for each load of the shards. */
import { expect, test } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readBaseline } from '../../../load/baselines/baseline-file.ts';
import { readComparisonFile } from '../../../load/baselines/comparison-file.ts';
import { BlobSuite } from './blob-suite.ts';

/** By thresholds alone, one run is enough for a verdict. */
const BASELINE = '{ "significance": "off" }';
/** A shorter run does not have the sections that a comparison needs. */
const SECONDS = '5';

test(
  'slices: -u writes one baseline of all of them, and what is slower then is red',
  { tag: '@long' },
  async () => {
    const suite = new BlobSuite();
    const path = join(suite.folder, 'baselines/local/steady/rag-service-5-users.json');
    for (const slice of ['1/2', '2/2']) {
      await suite.slice(slice, '> 150 /s', { settings: { BASELINE, SECONDS }, words: ['-u'] });
      expect(existsSync(path)).toBe(false);
    }
    const first = await suite.merge();
    expect(first.code, first.output).toBe(0);
    const figures = readBaseline(path)?.runs.map((run) => run.all.figures);
    expect(figures).toMatchObject([{ total_requests: 1000, rps: 200 }]);

    for (const slice of ['1/2', '2/2']) {
      await suite.slice(slice, '> 150 /s', { settings: { BASELINE, SECONDS, MS: '400', CI: '1' } });
    }
    const { code, output, html } = await suite.merge();
    expect(code).toBe(1);
    expect(output).toContain('Worse than the baseline: ');
    expect(html).toContain('Worse than the baseline: ');
    const { comparisons } = readComparisonFile(join(suite.run, 'comparison.json'));
    expect(comparisons.find(({ metric }) => metric === 'p95')).toMatchObject({
      verdict: 'critical',
      observed: expect.closeTo(400, 0),
    });
    expect(readFileSync(join(suite.run, 'regression-analysis.md'), 'utf8')).toContain('critical');
  },
);

test(
  'shards of a run without a name of its own: one report of all, with every comparison',
  { tag: '@soak' },
  async () => {
    const suite = new BlobSuite();
    const LEVELS = '1-user, 2-users, 3-users, 4-users';
    const run = (shard: string, MS: string, more = {}): Promise<void> =>
      suite.slice('1/1', '> 50 /s', {
        settings: {
          BASELINE,
          SECONDS,
          LEVELS,
          MS,
          RUN: `run-${shard.replace('/', '-of-')}`,
          ...more,
        },
        words: [`--shard=${shard}`, '--fully-parallel', ...(MS === '100' ? ['-u'] : [])],
        blob: shard.replace('/', '-of-'),
        exitCode: MS === '400' ? 1 : 0,
      });
    for (const shard of ['1/2', '2/2']) await run(shard, '100');
    // The first shard is as before, the second slower.
    await run('1/2', '101');
    await run('2/2', '400');
    const { code, output, results } = await suite.merge();
    expect(code).toBe(1);
    expect(output).toContain('2 failed');
    expect(results.loads.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass', 'pass']);
    expect(results.unreadable).toEqual([]);
    const { tests, comparisons } = readComparisonFile(join(suite.run, 'comparison.json'));
    expect(tests).toHaveLength(4);
    const p95s = comparisons.filter(({ metric }) => metric === 'p95');
    expect(p95s.map(({ verdict }) => verdict).sort()).toEqual([
      'critical',
      'critical',
      'pass',
      'pass',
    ]);
  },
);
