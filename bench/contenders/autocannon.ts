/** autocannon through its programmatic interface, with the same number of connections. */
import autocannon from 'autocannon';
import { connections, type Contender } from './contender.ts';

export const autocannonLoad: Contender = {
  async send(url, durationMs) {
    const result = await autocannon({ url, connections, duration: durationMs / 1000 });
    if (result.errors > 0) throw new Error(`autocannon: ${result.errors} errors`);
    return result['2xx'];
  },
};
