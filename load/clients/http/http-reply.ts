/** A reply that ended `ok`; headers and text are only made when asked for. */
import type { Exchange } from './exchange.ts';
import type { Reply } from './http.ts';

export class HttpReply<T> implements Reply<T> {
  readonly status: number;
  readonly body: T;
  readonly bytes: Buffer;
  private readonly exchange: Exchange;

  constructor(exchange: Exchange, bytes: Buffer, body: T) {
    this.exchange = exchange;
    this.status = exchange.status;
    this.body = body;
    this.bytes = bytes;
  }

  get durationMs(): number {
    const { startedAtMs, endedAtMs } = this.exchange.sample;
    return endedAtMs - startedAtMs;
  }

  header(name: string): string | undefined {
    return this.exchange.header(name.toLowerCase());
  }

  text(): string {
    return this.bytes.toString();
  }

  json(): unknown {
    return JSON.parse(this.text());
  }
}
