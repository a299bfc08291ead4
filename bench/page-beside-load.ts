/** The cost of reading a large page of metrics during a load. */
import { measureIn, withServer } from './child.ts';
import type { PageReading } from './metrics-page.ts';
import type { Bound, Part } from './part.ts';

export const benchMetricsPage: Part = async (say) => {
  const { with16, without } = await withServer('local-server', (url) =>
    withServer('large-page-server', async (page) => ({
      with16: await measureIn<PageReading>('metrics-page', [url, `${page}/metrics`]),
      without: await measureIn<PageReading>('metrics-page', [url]),
    })),
  );
  if (with16.readings === 0) throw new Error('the page was not read');
  say(
    `a 16 MB page of metrics, read ${with16.readings} times beside ${with16.requests} requests: the longest piece of ` +
      `work on the loop took ${with16.longestMs.toFixed(1)} ms of CPU (1 of 1000 above ${with16.p999Ms.toFixed(1)} ms), ` +
      `without the page ${without.longestMs.toFixed(1)} ms`,
  );
  // The maximum is caused by this machine as often as by the page, so it is shown beside that of the load
  // alone.
  const what = 'work on the loop with a 16 MB page, but for 1 turn of 1000';
  const bound: Bound = { what, value: with16.p999Ms, limit: 2, unit: 'ms' };
  return { with16, without, bounds: [bound] };
};
