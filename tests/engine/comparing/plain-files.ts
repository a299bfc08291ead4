/** Files of plain figures for tests: Locust CSVs, and whatever text a test wants refused. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export const locustHeader = [
  'Type',
  'Name',
  'Request Count',
  'Failure Count',
  'Median Response Time',
  'Average Response Time',
  'Min Response Time',
  'Max Response Time',
  'Average Content Size',
  'Requests/s',
  'Failures/s',
  '50%',
  '66%',
  '75%',
  '80%',
  '90%',
  '95%',
  '98%',
  '99%',
  '99.9%',
  '99.99%',
  '100%',
].join(',');

export interface LocustRow {
  readonly type?: string;
  readonly name: string;
  readonly requests: number | string;
  readonly failures?: number | string;
  readonly rps?: number | string;
  readonly p95?: number | string;
}

export function locustCsv(rows: readonly LocustRow[]): string {
  const lines = rows.map(({ type = '', name, requests, failures = 0, rps = 12.5, p95 = 340 }) =>
    [type, name, requests, failures, 120, 150.4, 12, 980, 512.5, rps, 0.25]
      .concat([120, 150, 170, 190, 260, p95, 420, 510, 800, 980, 980])
      .join(','),
  );
  return [locustHeader, ...lines, ''].join('\n');
}

/** Two requests and their sum, as Locust would have written them. */
export const twoTasks: readonly LocustRow[] = [
  { type: 'POST', name: '"/v1/chat, long"', requests: 120, failures: 3, rps: 4.25, p95: 410 },
  { type: 'GET', name: '/v1/models', requests: 240, rps: 8.5, p95: 98 },
  { name: 'Aggregated', requests: 360, failures: 3, rps: 12.75, p95: 380 },
];

export function writeText(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}
