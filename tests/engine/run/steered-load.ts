/** Loads in virtual time that are steered through the test's control file. */
import { expect } from '@playwright/test';
import { scheduledOf } from '../../../load/metrics/outcome.ts';
import type { Result } from '../../../load/metrics/result/result.ts';
import { outcomesOf } from '../../../load/metrics/result/select.ts';
import type { SteeringSource } from '../../../load/run/steering.ts';
import { custom } from '../../../load/workload/custom.ts';
import { constant } from '../../../load/workload/think-time.ts';
import type { Workload } from '../../../load/workload/workload.ts';
import {
  answersAfter,
  runVirtually,
  type SentRequest,
  type VirtualLoad,
  type VirtualOutcome,
} from '../virtual-load.ts';
import { VirtualClock } from '../virtual-clock.ts';

/** The content of the control file from each moment on. */
export type Controls = readonly (readonly [fromMs: number, text: string])[];

export const tenUsers = custom({
  LOAD_USERS: 10,
  LOAD_SPAWN_RATE: '10/s',
  LOAD_DURATION: '20s',
});
export const tenPerSecond = custom({ LOAD_RATE: '10/s', LOAD_DURATION: '20s' });
/** With answers after 100 ms it sends once a second. */
export const user = { thinkTime: constant(900) };

export function fileOf(clock: VirtualClock, controls: Controls): SteeringSource {
  return { read: () => controls.findLast(([fromMs]) => fromMs <= clock.now())?.[1] };
}

export function steered(
  workload: Workload,
  controls: Controls,
  more: Partial<VirtualLoad> = {},
): Promise<VirtualOutcome> {
  const clock = new VirtualClock();
  return runVirtually({
    clock,
    workload,
    user,
    system: answersAfter(100),
    request: { steering: fileOf(clock, controls) },
    ...more,
  });
}

export function expectWhole(result: Result, requests: readonly SentRequest[]): void {
  expect(scheduledOf(outcomesOf(result.series))).toBe(result.scheduled);
  expect(result.end).toMatchObject({ scheduled: result.scheduled, sent: requests.length });
}
