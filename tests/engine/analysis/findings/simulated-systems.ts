/**
 * Four systems in virtual time with the mechanisms of the reference services: the same pool, batching
 * model and limiter. A switch changes one of their parts, as in the services.
 */
import { BatchingModel, type Sequence } from '../../../../fixtures/reference/batching-model.ts';
import { ConnectionPool } from '../../../../fixtures/reference/connection-pool.ts';
import { RateLimiter } from '../../../../fixtures/reference/rate-limiter.ts';
import type { VirtualClock } from '../../virtual-clock.ts';
import type { Draws, Served, SimulatedSystem } from './simulated-load.ts';

export type Switch =
  | 'db-pool'
  | 'pool-leak'
  | 'busy-cpu'
  | 'throttled-cpu'
  | 'leak-memory'
  | 'leak-descriptors'
  | 'limit-rate'
  | 'store-limit'
  | 'slow-search'
  | 'serialised-tools'
  | 'big-results'
  | 'kv-cache'
  | 'few-sequences'
  | 'long-prompts';

export type SystemName = 'agent' | 'store' | 'tools' | 'model';

/** A processor that serves one request after the other and records how long it was busy. */
class Processor {
  private freeAtMs = 0;
  busyMs = 0;
  private readonly clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.clock = clock;
  }

  async work(ms: number): Promise<void> {
    this.freeAtMs = Math.max(this.freeAtMs, this.clock.now()) + ms;
    this.busyMs += ms;
    await this.clock.until(this.freeAtMs);
  }

  /** Busy time up to now, without work that is only scheduled. */
  get doneMs(): number {
    return this.busyMs - Math.max(0, this.freeAtMs - this.clock.now());
  }
}

/** The common parts of all systems: CPU, memory and descriptors, all with noise. */
abstract class Simulated {
  protected readonly clock: VirtualClock;
  protected readonly on: Switch | undefined;
  private readonly processor: Processor;
  private readonly seed: number;
  private readonly cpuMs: number;
  protected served = 0;
  private open = 0;
  private reads = 0;

  constructor(clock: VirtualClock, on: Switch | undefined, seed: number) {
    this.clock = clock;
    this.on = on;
    this.seed = seed;
    this.processor = new Processor(clock);
    this.cpuMs = on === 'busy-cpu' ? 60 : on === 'throttled-cpu' ? 12 : 2;
  }

  async serve(task: string, userNumber: number, draws: Draws): Promise<Served> {
    this.open += 1;
    this.served += 1;
    await this.processor.work(this.cpuMs * draws.logNormal(0.3));
    const served = await this.run(task, userNumber, draws);
    this.open -= 1;
    return served;
  }

  protected abstract run(task: string, userNumber: number, draws: Draws): Promise<Served>;
  protected abstract own(): Readonly<Record<string, number>>;

  read(): Record<string, number> {
    const { on, served, open } = this;
    this.reads += 1;
    // Garbage collection makes the heap go up and down; that is not a leak.
    const saw = 12e6 * ((this.reads * 0.37 + this.seed * 0.11) % 1);
    const filling = 25e6 * (1 - Math.exp(-this.clock.now() / 60_000));
    return {
      targetMemory: 90e6 + filling + saw + (on === 'leak-memory' ? served * 40_000 : 0),
      targetDescriptors: 24 + open + (on === 'leak-descriptors' ? Math.floor(served / 20) : 0),
      ...this.own(),
    };
  }

  counted() {
    const { clock, processor, on } = this;
    const cpu = { part: processor.doneMs, whole: clock.now() };
    const periods = clock.now() / 100;
    // A quota throttles it for most of each period, so it works little and waits much.
    const isHeld = on === 'throttled-cpu';
    const throttled = isHeld ? Math.min(1, (processor.doneMs / Math.max(1, clock.now())) * 1.5) : 0;
    return {
      targetCpuPeak: { part: cpu.part / (isHeld ? 10 : 1), whole: cpu.whole * 2 },
      targetThread: { part: cpu.part / (isHeld ? 10 : 1), whole: cpu.whole },
      cpuThrottled: { part: throttled * periods, whole: periods },
      ...this.ownCounts(),
    };
  }

  protected ownCounts(): Record<string, { part: number; whole: number }> {
    return {};
  }
}

/** Chats that hold a connection of the database for a while. */
class Agent extends Simulated implements SimulatedSystem {
  readonly name = 'agent';
  readonly tasks = { chat: 5, log: 3 };
  private readonly pool = new ConnectionPool(this.on === 'db-pool' ? 3 : 13);
  private readonly limiter = new RateLimiter(12);
  private kept = 0;
  private users = 0;

  protected async run(task: string, _: number, { logNormal }: Draws): Promise<Served> {
    const { clock, on, pool } = this;
    if (on === 'limit-rate' && !this.limiter.take(clock.now())) {
      return { outcome: 'throttled', kind: 'throttled' };
    }
    await clock.until(clock.now() + (task === 'chat' ? 120 : 5) * logNormal(0.3));
    const queuedMs = clock.now();
    await pool.acquire();
    const waitedMs = clock.now() - queuedMs;
    this.users += 1;
    await clock.until(clock.now() + 100 * logNormal(0.3));
    this.users -= 1;
    // A faulty path never returns connections; all but two are lost.
    const isForgotten = on === 'pool-leak' && this.kept < 11 && this.served % 20 === 0;
    if (isForgotten) this.kept += 1;
    else pool.release();
    return { hops: { pool: waitedMs } };
  }

  protected own() {
    const { available, size, waiting } = this.pool;
    return {
      poolAvailable: available,
      poolSize: size,
      poolWaiting: waiting,
      poolActive: this.users,
    };
  }
}

/** Searches of collections that grow. */
class Store extends Simulated implements SimulatedSystem {
  readonly name = 'store';
  readonly tasks = { query: 7, index: 3 };
  private readonly pool = new ConnectionPool(20);
  private readonly chunks = new Map<number, number>();
  private searching = 0;

  protected async run(task: string, user: number, { logNormal }: Draws): Promise<Served> {
    const { clock, on, pool } = this;
    const size = this.chunks.get(user) ?? 4;
    if (task === 'index') this.chunks.set(user, size + 4);
    await pool.acquire();
    if (on === 'store-limit' && task === 'query' && this.searching >= 3) {
      await clock.until(clock.now() + 2000);
      pool.release();
      return { outcome: 'degraded', kind: 'degraded', isVectorTimeout: true };
    }
    this.searching += 1;
    const perChunk = on === 'slow-search' ? 12 : 0.1;
    const tookMs = (60 + perChunk * size) * logNormal(0.2);
    await clock.until(clock.now() + tookMs);
    this.searching -= 1;
    pool.release();
    await clock.until(clock.now() + 300 * logNormal(0.2));
    if (task === 'index') return { isVectorTimeout: false };
    const bucket = [8, 16, 32, 64, 128].find((most) => size <= most);
    const labels = { collectionSize: bucket === undefined ? '> 128' : `≤ ${bucket}` };
    return { isVectorTimeout: false, hops: { search: tookMs }, labels };
  }

  protected own() {
    return { storeWaiting: this.pool.waiting };
  }
}

/** Tools of an MCP server. */
class Tools extends Simulated implements SimulatedSystem {
  readonly name = 'tools';
  readonly tasks = { read: 4, log: 2 };
  private readonly lock = new ConnectionPool(1);

  protected async run(_: string, __: number, { logNormal }: Draws): Promise<Served> {
    const { clock, on, lock } = this;
    if (on === 'serialised-tools') await lock.acquire();
    const packMs = (on === 'big-results' ? 40 : 1) * logNormal(0.2);
    await clock.until(clock.now() + 80 * logNormal(0.3) + packMs);
    if (on === 'serialised-tools') lock.release();
    return { hops: { encode: packMs } };
  }

  protected own() {
    return {};
  }
}

interface Chat extends Sequence {
  readonly onToken: (isLast: boolean) => void;
  readonly arrivedMs: number;
}

/** An inference server with continuous batching. */
class Model extends Simulated implements SimulatedSystem {
  readonly name = 'model';
  readonly tasks = { chat: 1 };
  private isRunning = false;
  private queuedMs = 0;
  private begun = 0;
  private readonly engine = new BatchingModel<Chat>({
    baseMs: 7,
    perPrefillTokenMs: this.on === 'long-prompts' ? 4 : 0.03,
    perSequenceMs: 0.04,
    maxSequences: this.on === 'few-sequences' ? 4 : 384,
    maxPrefillTokensPerStep: 2048,
    kvTokens: this.on === 'kv-cache' ? 2400 : 60_000,
  });

  protected async run(_: string, __: number, draws: Draws): Promise<Served> {
    const { clock } = this;
    // The cache is full when the next prompt does not fit, so with longer prompts more of it stays free.
    const longer = this.on === 'kv-cache' ? 100 : 400;
    const prefillTokens = draws.uniform < 0.5 ? 40 : longer;
    const medianTokens = { 'long-prompts': 20, 'kv-cache': 180 }[this.on as string] ?? 90;
    const outputTokens = Math.ceil(medianTokens * draws.logNormal(0.4));
    const arrivedMs = clock.now();
    let firstMs: number | undefined;
    await new Promise<void>((resolve) => {
      const onToken = (isLast: boolean): void => {
        firstMs ??= clock.now();
        if (isLast) resolve();
      };
      this.engine.enqueue({ prefillTokens, outputTokens, onToken, arrivedMs });
      if (!this.isRunning) this.step();
    });
    const labels = { promptTokens: prefillTokens <= 64 ? '≤ 64' : '≤ 512' };
    return { ttftMs: firstMs! - arrivedMs, labels };
  }

  private step(): void {
    const { clock, engine } = this;
    const step = engine.startStep();
    this.isRunning = step !== undefined;
    if (step === undefined) return;
    for (const { arrivedMs } of step.admitted) {
      this.queuedMs += clock.now() - arrivedMs;
      this.begun += 1;
    }
    clock.at(clock.now() + step.durationMs, () => {
      for (const { sequence, isLast } of engine.endStep()) sequence.onToken(isLast);
      // A user that was answered may send again within this moment.
      void clock.turn().then(() => {
        this.step();
      });
    });
  }

  protected own() {
    const { kvUse, waiting } = this.engine;
    return { kvCacheUse: kvUse, requestsWaiting: waiting };
  }

  protected override ownCounts() {
    return {
      preemptions: { part: this.engine.preemptions, whole: this.clock.now() / 1000 },
      queueSeconds: { part: this.queuedMs / 1000, whole: this.begun },
    };
  }
}

const systems = { agent: Agent, store: Store, tools: Tools, model: Model };

export function simulatedSystem(
  name: SystemName,
  on: Switch | undefined,
  seed: number,
): (clock: VirtualClock) => SimulatedSystem {
  return (clock) => new systems[name](clock, on, seed);
}
