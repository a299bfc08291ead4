/** `apiHealth('/health')`: response time and status of the system's health endpoint. */
import { RequestNotOk } from '../clients/scope.ts';
import { backgroundClock } from '../platform/clock.ts';
import { reasonOf } from '../platform/words.ts';
import { sourceOf, type MonitorSource } from './source.ts';

const clock = backgroundClock();

/** `apiLatency` in ms and `apiStatus`. Both are unknown if no answer came. */
export function apiHealth(path: string): MonitorSource {
  return sourceOf('api', (http) => async () => {
    const startedMs = clock.now();
    try {
      await http.get(path);
      return { gauges: { apiLatency: clock.now() - startedMs, apiStatus: 200 } };
    } catch (error) {
      const { cause } = error as Error;
      const status = cause instanceof RequestNotOk ? cause.status : 0;
      // An answer other than 2xx also has a time and a status.
      if (status > 0) {
        return { gauges: { apiLatency: clock.now() - startedMs, apiStatus: status } };
      }
      return { unknown: { apiLatency: reasonOf(error), apiStatus: reasonOf(error) } };
    }
  });
}
