/** Files of plain figures for tests: Locust CSVs, and any text that must be refused. */
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

/** Two requests and their sum, as Locust writes them. */
export const twoTasks: readonly LocustRow[] = [
  { type: 'POST', name: '"/v1/chat, long"', requests: 120, failures: 3, rps: 4.25, p95: 410 },
  { type: 'GET', name: '/v1/models', requests: 240, rps: 8.5, p95: 98 },
  { name: 'Aggregated', requests: 360, failures: 3, rps: 12.75, p95: 380 },
];

export function writeText(path: string, text: string | Uint8Array): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

/** The source's figures as its load tests wrote them: a row per service, without a sum and percentiles. */
export const sourceBaselineCsv = [
  'Type,Name,Request Count,Failure Count,Median Response Time,Average Response Time,Min Response Time,Max Response Time,Average Content Size,Requests/s,Failures/s',
  ',api_gateway,300,1,120.0,150.0,50,750,512,50.0,0.17',
  ',rag_service,150,0,2000.0,2500.0,900,4100,2048,25.0,0',
  ',mcp_server,90,0,3000.0,3500.0,1200,5900,1024,15.0,0',
  '',
].join('\n');

export const sourceProgressiveCsv = [
  'Name,# requests,# failures,Median response time,Average response time,Min response time,Max response time,Requests/s',
  'api_gateway,1500,15,150.0,180.0,50,750,35.0',
  'rag_service,300,1,2100.0,2600.0,,,24.0',
  '',
].join('\n');

/** The same with the names of the plain figures, and with all of them. */
export const namedCsv = [
  'service,users,avg_latency_ms,median_latency_ms,p95_latency_ms,p99_latency_ms,rps,total_requests,total_failures,timestamp',
  'api_gateway,1,150.0,120.0,210,255,50.0,300,1,2025-10-17T05:15:19Z',
  'rag_service,1,2500.0,2000.0,3500,4250,25.0,150,0,2025-10-17T05:15:19Z',
  'mcp_server,1,3500.0,3000.0,4900,5950,15.0,90,0,2025-10-17T05:15:19Z',
  '',
].join('\n');
