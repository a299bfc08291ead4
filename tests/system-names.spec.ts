/** The engine knows neither the six systems nor the metrics that their users declare. */
import { expect, test } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { systems } from '../load/systems/systems.ts';

const engine = readdirSync('load', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.startsWith('systems/'))
  .map((path) => `load/${path}`);

/** Files that name such a metric, and why they may. */
const mayName: Readonly<Record<string, string>> = {
  'load/analysis/findings/vector-timeout.ts': 'a rule applies to all loads, also in a merge',
  'load/baselines/tolerances.ts': 'a team states this tolerance in its thresholds.json',
  'load/budgets/schema-1.ts': 'these metrics were built in when logs had schema 1',
  'load/clients/chat/chat-reply.ts': 'the field of a reply has the same name',
  'load/clients/chat/stream-figures.ts': 'the field of a stream has the same name',
  'load/comparing/plain-comparison.ts': 'the earlier pipelines compared it',
  'load/comparing/plain-figures.ts': 'the files of the earlier pipelines have it',
  'load/comparing/results-figures.ts': 'it is compared with the files of the earlier pipelines',
};

const declared = Object.values(systems).flatMap(({ metrics }) => Object.keys(metrics));

function namesMetric(text: string): boolean {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|(?<!:)\/\/[^\n]*/g, '');
  return declared.some((name) => RegExp(`\\b${name}\\b`).test(code));
}

test('outside load/systems the engine names none of the six systems', () => {
  const names = Object.keys(systems).flatMap((name) => [name, name.replaceAll('-', '_')]);
  const naming = engine.filter((path) => {
    const text = readFileSync(path, 'utf8').toLowerCase();
    return names.some((name) => text.includes(name));
  });
  expect(naming).toEqual([]);
});

test('outside load/systems the engine names no metric that a system declares, but for a reason', () => {
  const naming = engine.filter((path) => namesMetric(readFileSync(path, 'utf8')));
  expect(naming.sort()).toEqual(Object.keys(mayName).sort());
  expect(namesMetric("case 'vectorTimeoutRate': return 1;")).toBe(true);
  expect(namesMetric("f('http://x', 'vectorTimeoutRate')")).toBe(true);
  expect(namesMetric('// vectorTimeoutRate is a share\nconst cacheHitRate = 1;')).toBe(false);
});
