/** What the benchmark promises: ratios of two things measured in one run, and memory. */
import type { ContenderName } from './contenders/contenders.ts';

export interface Bound {
  readonly what: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: '×' | 'kB' | 'MB' | 'ms' | 's';
  /** `limit` is the least that it may be, not the most. */
  readonly isLeast?: boolean;
}

export interface Measured {
  /** CPU per 1000 requests, medians over the rounds, in ms. */
  readonly cpu: Readonly<Record<ContenderName, number>>;
  /** Memory of the whole process, which is more than its heap. */
  readonly sharedBytesPerUser: number;
  /** Median over the intervals of the longest stretch without a turn of the event loop. */
  readonly longestStretchMs: number;
}

export function boundsOf({ cpu, sharedBytesPerUser, longestStretchMs }: Measured): Bound[] {
  const ratio = (what: string, value: number, limit: number): Bound => ({
    what,
    value,
    limit,
    unit: '×',
  });
  return [
    ratio('engine against undici.dispatch', cpu.engine / cpu.dispatch, 1.15),
    ratio('engine with JSON and zod against it', cpu.engineJson / cpu.dispatch, 1.3),
    ratio('engine against autocannon', cpu.engine / cpu.autocannon, 1.25),
    { what: 'a waiting user, shared', value: sharedBytesPerUser / 1e3, limit: 10, unit: 'kB' },
    { what: 'longest stretch of an interval write', value: longestStretchMs, limit: 2, unit: 'ms' },
  ];
}

export function isKept({ value, limit, isLeast = false }: Bound): boolean {
  return isLeast ? value >= limit : value <= limit;
}
