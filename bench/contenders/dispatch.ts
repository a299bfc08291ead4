/** The bare loop: `undici.dispatch` on a client per connection, without judging or recording. */
import { Client, type Dispatcher } from 'undici';
import { connections, type Contender } from './contender.ts';

class Exchange {
  private readonly done: () => void;

  constructor(done: () => void) {
    this.done = done;
  }

  onConnect(): void {
    // Nothing to do.
  }

  onHeaders(): boolean {
    return true;
  }

  onData(): boolean {
    return true;
  }

  onComplete(): void {
    this.done();
  }

  onError(error: Error): void {
    throw error;
  }
}

export const dispatch: Contender = {
  async send(url, durationMs) {
    const endMs = performance.now() + durationMs;
    const options: Dispatcher.DispatchOptions = { origin: url, path: '/', method: 'GET' };
    const counts = Array.from({ length: connections }, async () => {
      const client = new Client(url, { headersTimeout: 0, bodyTimeout: 0 });
      let count = 0;
      while (performance.now() < endMs) {
        await new Promise<void>((resolve) => {
          client.dispatch(options, new Exchange(resolve));
        });
        count += 1;
      }
      await client.close();
      return count;
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  },
};
