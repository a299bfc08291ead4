/** A complete exchange as a task sees it. Headers and text are created only when asked for. */
import type { TrendName } from '../../metrics/definitions.ts';
import type { Exchange } from './exchange.ts';
import type { Answer, Reply } from './http.ts';

/** A complete answer, for a task's own judge. */
export class HttpAnswer implements Answer {
  readonly bytes: Buffer;
  readonly hops: number;
  private readonly exchange: Exchange;

  constructor(exchange: Exchange, bytes: Buffer, hops: number) {
    this.exchange = exchange;
    this.bytes = bytes;
    this.hops = hops;
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

  addAll(trend: TrendName, values: readonly number[]): void {
    this.exchange.sample.addAll(trend, values);
  }

  countTokens(tokens: number): void {
    this.exchange.sample.tokens = tokens;
  }
}

/** A reply that ended `ok`. */
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
