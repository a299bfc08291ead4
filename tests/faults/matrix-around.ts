/** The fault matrix, of what stands around a load: monitor, baselines, texts, GitHub, ports, sessions. */
import { row, type FaultRow } from './matrix-row.ts';

const refused = (what: string): string => `${what} is refused with its path, and left as it is`;
const isClear = (fault: string): string =>
  `${fault}: a clear message, exit code 1, and no token anywhere`;
const isUnknown = (what: string): string =>
  `${what} in between is unknown, and the next reading spans it`;

export const around: readonly FaultRow[] = [
  row(25, '429 with Retry-After', '`throttled`, no retry', {
    'contracts/http-outcomes': [
      '429 is throttled throttled',
      '429 carries its Retry-After, in seconds or as a date',
    ],
  }),
  row(26, 'a kept connection is closed as it is used', 'a kind of its own, no silent retry', {
    'contracts/http-connections': [
      'a kept-alive connection that the server closes as it is used is a kind of its own',
      'a connection that was seen to be closed while idle is replaced, and nothing is sent twice',
    ],
  }),
  row(28, '/metrics answers 404, HTML, half, never', 'unknown, never 0; the load goes on', {
    'engine/monitor/prometheus': ['an error', 'a page of HTML', 'half an answer', 'nothing'].map(
      isUnknown,
    ),
    'engine/monitor/poller': ['a slow answer is not overtaken by the next question'],
  }),
  row(32, 'baseline broken, newer, with __proto__', 'refused with the path, not overwritten', {
    'engine/baselines/baseline-file': [
      ...['half a file', 'a NaN', 'a later schema', 'a key that changes objects'].map(refused),
    ],
  }),
  row(33, 'names with markup, mentions, formulas', 'escaped wherever they are shown', {
    'engine/report/markdown': ['every cell and item is escaped'],
    'engine/regression-issue/compose': [
      'names and evidence of others forge no mark, no mention and no endless title',
    ],
    'engine/report/live-text': ['a plain line says when, and cannot be forged by a name'],
  }),
  row(37, "GitHub's API fails", 'a clear message; one issue per regression', {
    'engine/regression-issue/github-faults': [
      ...['401', '403 with retry-after', '404', '500'].map(isClear),
    ],
    'engine/regression-issue/regression-issue': [
      'a regression has one issue: opened, followed by later runs, closed when it is gone',
    ],
  }),
  row(39, "a reference service's port is taken", 'named, with the variable that moves it', {
    'reference/launch': ['a port that is taken is named, with the variable that moves it'],
  }),
  row(40, 'MCP session expired, server restarted', 'opened anew and counted apart', {
    'contracts/mcp-outcomes': [
      'a forgotten session is a failed call and a lost session, and a new one takes its place',
    ],
    'contracts/mcp-transports': [
      'stdio: a server that dies is a failed call and a lost session; the next call starts another',
    ],
  }),
];
