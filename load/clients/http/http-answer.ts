/** A complete answer, for a task that judges it itself. */
import type { TrendName } from '../../metrics/definitions.ts';
import type { Exchange } from './exchange.ts';
import type { Answer } from './http.ts';

export class HttpAnswer implements Answer {
  readonly bytes: Buffer;
  private readonly exchange: Exchange;

  constructor(exchange: Exchange, bytes: Buffer) {
    this.exchange = exchange;
    this.bytes = bytes;
  }

  get status(): number {
    return this.exchange.status;
  }

  get scheduledAtMs(): number {
    return this.exchange.sample.scheduledAtMs;
  }

  get startedAtMs(): number {
    return this.exchange.sample.startedAtMs;
  }

  get endedAtMs(): number {
    return this.exchange.sample.endedAtMs;
  }

  header(name: string): string | undefined {
    return this.exchange.header(name.toLowerCase());
  }

  add(trend: TrendName, value: number): void {
    this.exchange.sample.add(trend, value);
  }
}
