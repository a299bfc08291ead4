/** Systems with a stated capacity, in virtual time. The same draws give the same service times. */
import { JudgedFailure } from '../../load/clients/scope.ts';
import type { DisturbedClock } from './disturbed-clock.ts';
import type { VirtualClock } from '../../tests/engine/virtual-clock.ts';

/** Serves a request that arrives now; calls back when it is done, on the system's own clock. */
export interface ServingSystem {
  serve(draw: number, done: (failed?: 'shed') => void): void;
}

export type NewSystem = (clock: DisturbedClock) => ServingSystem;

/** Mean service time of each server, in ms. */
export const meanServiceMs = 10;

/** Servers behind one queue, first come, first served. */
function queue(servers: number, serviceMs: (draw: number) => number, bound = Infinity): NewSystem {
  return (clock) => {
    const freeAtMs = Array.from({ length: servers }, () => 0);
    let present = 0;
    return {
      serve(draw, done) {
        if (present >= bound) {
          clock.atTheSystem(clock.now() + 0.2, () => {
            done('shed');
          });
          return;
        }
        present += 1;
        const first = freeAtMs.indexOf(Math.min(...freeAtMs));
        const endMs = Math.max(clock.now(), freeAtMs[first]!) + serviceMs(draw);
        freeAtMs[first] = endMs;
        clock.atTheSystem(endMs, () => {
          present -= 1;
          done();
        });
      },
    };
  };
}

/** Takes up to `size` waiting requests whenever it is free. A batch of any size takes the same time. */
function batching(size: number, batchMs: number): NewSystem {
  return (clock) => {
    const waiting: (() => void)[] = [];
    let isBusy = false;
    const begin = (): void => {
      const batch = waiting.splice(0, size);
      if (batch.length === 0) return;
      isBusy = true;
      clock.atTheSystem(clock.now() + batchMs, () => {
        isBusy = false;
        for (const done of batch) done();
        begin();
      });
    };
    return {
      serve(_, done) {
        waiting.push(done);
        if (!isBusy) begin();
      },
    };
  };
}

function exponentialMs(draw: number): number {
  return -Math.log1p(-draw) * meanServiceMs;
}

/** σ = 1, by the logistic approximation of the normal quantile. */
function logNormalMs(draw: number): number {
  const z = Math.log(draw / (1 - draw)) / 1.702;
  return meanServiceMs * Math.exp(z - 0.5);
}

/** The capacity of each is `capacity` times that of one server. */
export const systems = {
  'M/M/1': { capacity: 1, make: queue(1, exponentialMs) },
  'M/M/4': { capacity: 4, make: queue(4, exponentialMs) },
  'log-normal': { capacity: 1, make: queue(1, logNormalMs) },
  batching: { capacity: 4, make: batching(8, 2 * meanServiceMs) },
  shedding: { capacity: 1, make: queue(1, exponentialMs, 6) },
} as const satisfies Record<string, { capacity: number; make: NewSystem }>;

/** For the engine: resolves when the answer has been read on this side. */
export function askedOf(system: ServingSystem, draw: number, clock: VirtualClock): Promise<void> {
  return new Promise((resolve, reject) => {
    system.serve(draw, (failed) => {
      clock.at(clock.now(), () => {
        if (failed === undefined) resolve();
        else reject(new JudgedFailure({ outcome: 'failed', kind: 'status 503', detail: failed }));
      });
    });
  });
}
