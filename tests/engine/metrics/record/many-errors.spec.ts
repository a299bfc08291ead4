import { expect, test } from '@playwright/test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Recorder } from '../../../../load/metrics/record/recorder.ts';
import { fault } from '../../../faults/fault-matrix.ts';
import { VirtualClock } from '../../virtual-clock.ts';

test(
  'a million distinct messages and names: what is kept of them does not grow',
  { annotation: fault(29) },
  () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const phases = [{ name: 'steady state', startMs: 0 }] as const;
    const recorder = new Recorder(new VirtualClock(), [
      { phases, maxLabelValues: 2, slowMs: undefined },
    ]);
    const bytesAfter = (from: number, to: number): number => {
      for (let i = from; i < to; i++) {
        const ref = recorder.ref(0, 'chat', `/users/${i}/orders`);
        const message = `no order ${i} of ${'x'.repeat(100)}`;
        recorder.commitUnsent(ref, 0, 'failed', `status ${i}`, message);
        if (i % 1000 === 0) recorder.closeInterval(i, false);
      }
      collect();
      return process.memoryUsage().heapUsed;
    };
    const early = bytesAfter(0, 100_000);
    // The names alone that come now would be 30 MB.
    expect(bytesAfter(100_000, 1_000_000) - early).toBeLessThan(10 * 2 ** 20);
    const { buffers } = recorder.closeInterval(1_000_001, false);
    expect(buffers.length).toBeLessThanOrEqual(501);
  },
);
