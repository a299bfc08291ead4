import { expect, test } from '@playwright/test';
import type { ProbeFamilyReport } from '../../../../load/systems/mcp-server/probe-families.ts';
import {
  probesMarkdown,
  probesText,
  sandboxProbesSection,
} from '../../../../load/systems/mcp-server/probes-table.ts';
import { makeResult } from '../../budgets/make-result.ts';
import { requests, resultOf } from '../../report/make-log.ts';

const clean: ProbeFamilyReport = {
  family: 'files',
  inCatalogue: 58,
  judgeable: 58,
  probes: 58,
  sent: 116,
  violations: 0,
  unanswered: 0,
  controls: 14,
  refusedControls: 0,
  isConclusive: true,
  upperBound: 0.0255,
  found: [],
};
const leaky: ProbeFamilyReport = {
  family: 'git',
  inCatalogue: 40,
  judgeable: 32,
  probes: 30,
  sent: 30,
  violations: 2,
  unanswered: 3,
  controls: 2,
  refusedControls: 1,
  isConclusive: false,
  upperBound: undefined,
  found: [
    { probe: 'git-1a', count: 2, evidence: 'git-1a got out: git_log {}: the *canary* was seen' },
    { probe: 'git-c1', count: 1, evidence: '' },
  ],
};
const unseen: ProbeFamilyReport = {
  family: 'web',
  inCatalogue: 22,
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
};

test('says what was sent of each catalogue, how often, what got out, and what was not probed', () => {
  expect(probesText([clean, leaky, unseen]).split('\n')).toEqual([
    'probes  of the catalogue  times sent    violations  at most  controls refused',
    'files           58 of 58         116  0 violations    2.5 %           0 of 14',
    'git             30 of 40          30  2 violations        –            1 of 2',
    'web           not probed           –             –        –                 –',
    '8 git probes cannot be judged on this server and are not sent.',
    'Not probed: web; on this server nothing shows what got out.',
    '3 more had no answer, or nothing to try here: they prove nothing.',
    'At most: with 95 % certainty a smaller share of such probes gets out.',
    'git-1a, 2 times: got out: git_log {}: the *canary* was seen',
    'git-c1, once',
  ]);
});

test('names the probes that were not sent, and whole families, by what they lack', () => {
  const lacking = { pages: ['web-3a', 'web-6b'] };
  const partly = { ...leaky, family: 'web', inCatalogue: 34, lacking };
  const without = (family: string, oracle: string): ProbeFamilyReport => ({
    ...unseen,
    family,
    lacking: { [oracle]: [`${family}-1`, `${family}-2`] },
  });
  const none = [
    without('files', 'files'),
    without('git', 'files'),
    without('endpoint', 'endpoint'),
  ];
  const lines = probesText([partly, ...none]).split('\n');
  expect(lines.filter((line) => line.startsWith('Not '))).toEqual([
    'Not sent: web-3a, web-6b; no pages are known that the server may fetch (MCP_SERVER_PAGES_URL).',
    "Not probed: files, git; the root of the server's sandbox is not known, or no file that it writes is there (MCP_SERVER_SANDBOX_ROOT).",
    'Not probed: endpoint; the server has no endpoint that speaks MCP over HTTP.',
  ]);
  const [far] = probesText([without('web', 'listener')])
    .split('\n')
    .slice(2);
  expect(far).toMatch(/^Not probed: web; the server is not on this machine/);
});

test('a family whose controls were refused has no data, and no violation is none', () => {
  const refused = { ...clean, isConclusive: false, refusedControls: 1, upperBound: undefined };
  const [, row, note] = probesText([refused]).split('\n');
  expect(row).toBe('files           58 of 58         116     no data        –           1 of 14');
  expect(note).toContain('No data: files; the server did not allow what it must');
});

test('as Markdown, in which evidence does nothing; none are no table', () => {
  const text = probesMarkdown([clean, leaky]);
  expect(text).toContain('| files | 58 of 58 | 116 | 0 violations | 2.5 % | 0 of 14 |');
  expect(text).toContain('- git-1a, 2 times: got out: git\\_log {}: the \\*canary\\* was seen');
  expect([probesText([]), probesMarkdown([])]).toEqual(['', '']);
});

test('is a section of the reports of loads beside which probes ran', () => {
  const labels = { family: 'files', probe: 'files-1a' };
  const probing = resultOf({
    seconds: [
      [
        requests([1]),
        requests([], {
          stream: 1,
          labels: { family: 'files' },
          gauges: { probesInCatalogue: 1, probesJudgeable: 1 },
        }),
        requests([1], {
          stream: 1,
          labels,
          counters: { probesSent: 1, controlsSent: 1, sandboxViolations: 0 },
        }),
      ],
    ],
  });
  const row = /files\W+1 of 1\W+1\W+0 violations\W+95\.0 %/;
  const { text, markdown, json } = sandboxProbesSection;
  expect(text(probing)).toMatch(row);
  expect(markdown(probing)).toMatch(row);
  expect(json?.(probing)).toMatchObject([{ family: 'files', sent: 1 }]);
  const without = makeResult();
  expect([text(without), markdown(without), json?.(without)]).toEqual(['', '', []]);
});
