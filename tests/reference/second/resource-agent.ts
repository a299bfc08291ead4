/**
 * The resource agent: reports this machine's memory. Its four paths are in docs/contracts.md;
 * scenarios.md says how often they are requested.
 */
import { freemem, totalmem } from 'node:os';
import { strictService, type SecondService } from './strict-service.ts';

export function secondResourceAgent(): Promise<SecondService> {
  const memory = (): object => ({ percent: 100 * (1 - freemem() / totalmem()) });
  return strictService({
    'GET /health/': () => [200, { status: 'healthy' }],
    'GET /system/metrics': () => [200, { memory: memory() }],
    'GET /analysis/': () => [200, { findings: [], memory: memory() }],
    'GET /lmcache/status': () => [200, { connected: false }],
  });
}
