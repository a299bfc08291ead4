/** One round of one contender, in a separate process: warms up, sends, and reports the cost. */
import { contenders, type ContenderName } from './contenders/contenders.ts';
import { tellParent } from './child.ts';

export interface Cost {
  readonly requests: number;
  /** User and system time of the process, all its threads. */
  readonly cpuMsPer1000: number;
  readonly requestsPerSecond: number;
  readonly peakBytes: number;
}

const warmUpMs = 2000;
const durationMs = 4000;

async function measure(name: ContenderName, url: string): Promise<Cost> {
  const contender = contenders[name];
  await contender.send(url, warmUpMs);
  const beganMs = performance.now();
  const before = process.cpuUsage();
  const requests = await contender.send(url, durationMs);
  const { user, system } = process.cpuUsage(before);
  const tookMs = performance.now() - beganMs;
  return {
    requests,
    cpuMsPer1000: (user + system) / requests,
    requestsPerSecond: (requests * 1000) / tookMs,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

const [name = '', url = ''] = process.argv.slice(2);
await tellParent(() => measure(name as ContenderName, url));
