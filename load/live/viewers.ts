/**
 * Sends server-sent events to viewers, each with the changes of the last second. A viewer that connects,
 * or reconnects after a sleep, gets the whole state. Each update is made once for all viewers of a load.
 * Without viewers, a run's logs are not read.
 */
import type { ServerResponse } from 'node:http';
import type { Clock, Timer } from '../platform/clock.ts';
import { defined } from '../platform/defined.ts';
import { sumOf } from '../platform/lists.ts';
import { Refusal } from './gate.ts';
import { patched, type RunPatch, type RunState } from './page-state.ts';
import type { RunFollower } from './run-follower.ts';

export const mostViewers = 20;
const tickMs = 1000;
/** A page that receives nothing for longer considers the connection lost. */
const ticksBetweenSigns = 5;
/** A viewer with more unread bytes is disconnected. When it reconnects it gets the whole state. */
const mostUnreadBytes = 4 * 2 ** 20;

interface Channel {
  readonly run: RunFollower;
  /** The requested load; undefined for the running one. */
  readonly asked: string | undefined;
  readonly viewers: Set<ServerResponse>;
  /** Viewers that will get the whole state next. */
  readonly waiting: Set<ServerResponse>;
  state: RunState | undefined;
  told: ReadonlyMap<string, string>;
}

export interface ViewersOptions {
  readonly clock: Clock;
  /** Throws a `Refusal` if there is no such run. */
  readonly follow: (runId: string) => RunFollower;
}

export class Viewers {
  private readonly options: ViewersOptions;
  private readonly channels = new Map<string, Channel>();
  private readonly runs = new Map<string, RunFollower>();
  private readonly refreshing = new Map<RunFollower, Promise<void>>();
  private timer: Timer | undefined;
  private ticks = 0;
  private isClosed = false;

  constructor(options: ViewersOptions) {
    this.options = options;
  }

  get count(): number {
    const all = [...this.channels.values()];
    return sumOf(all, ({ viewers, waiting }) => viewers.size + waiting.size);
  }

  /** Sends events until the viewer leaves. Throws a `Refusal` if there are too many viewers. */
  async add(response: ServerResponse, runId: string, asked: string | undefined): Promise<void> {
    if (this.count >= mostViewers)
      throw new Refusal(503, `${mostViewers} pages watch already; no more are accepted`);
    const channel = this.channelOf(runId, asked);
    response.once('close', () => {
      this.leave(channel, response);
    });
    response.on('error', () => undefined);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    // The page reconnects by itself, and soon, since a load lasts only minutes.
    response.write('retry: 1000\n\n');
    channel.waiting.add(response);
    await this.refresh(channel.run);
    // The viewer has left meanwhile.
    if (!channel.waiting.delete(response)) return;
    channel.viewers.add(response);
    response.write(eventText('whole', channel.state));
    this.arm();
  }

  /** Called each second, and by tests: reads new data and sends it. */
  async tick(): Promise<void> {
    this.ticks += 1;
    for (const run of [...this.runs.values()]) {
      // Viewers of the same run but another load must not miss these changes.
      await this.refresh(run).catch(() => undefined);
    }
  }

  /** Runs once for all who wait, since each channel gets a look's changes only once. */
  private refresh(run: RunFollower): Promise<void> {
    const known = this.refreshing.get(run);
    if (known !== undefined) return known;
    const fresh = run
      .look()
      .then(() => {
        for (const channel of this.channels.values()) if (channel.run === run) this.tell(channel);
      })
      .finally(() => this.refreshing.delete(run));
    this.refreshing.set(run, fresh);
    return fresh;
  }

  private tell(channel: Channel): void {
    const patch = updated(channel);
    const isSign = this.ticks % ticksBetweenSigns === 0;
    if (patch === undefined && !isSign) return;
    const text = patch === undefined ? eventText('sign', {}) : eventText('patch', patch);
    for (const viewer of channel.viewers) {
      if (viewer.writableLength > mostUnreadBytes) viewer.destroy();
      else viewer.write(text);
    }
  }

  /** Sends the last update, and that no more will come. */
  async close(): Promise<void> {
    this.isClosed = true;
    if (this.timer !== undefined) this.options.clock.cancel(this.timer);
    await this.tick();
    for (const { viewers } of this.channels.values()) {
      for (const viewer of viewers) viewer.end(eventText('bye', {}));
    }
    for (const run of this.runs.values()) run.close();
  }

  private arm(): void {
    if (this.isClosed || this.timer !== undefined || this.count === 0) return;
    const { clock } = this.options;
    this.timer = clock.at(clock.now() + tickMs, () => {
      void this.tick()
        .catch(() => undefined)
        .finally(() => {
          this.timer = undefined;
          this.arm();
        });
    });
  }

  private channelOf(runId: string, asked: string | undefined): Channel {
    const run = this.runs.get(runId) ?? this.options.follow(runId);
    this.runs.set(runId, run);
    const key = JSON.stringify([runId, asked]);
    const known = this.channels.get(key);
    if (known !== undefined) return known;
    const viewers = new Set<ServerResponse>();
    const waiting = new Set<ServerResponse>();
    const channel: Channel = { run, asked, viewers, waiting, state: undefined, told: new Map() };
    this.channels.set(key, channel);
    return channel;
  }

  private leave(channel: Channel, viewer: ServerResponse): void {
    channel.viewers.delete(viewer);
    channel.waiting.delete(viewer);
    if (channel.viewers.size + channel.waiting.size > 0) return;
    for (const [key, one] of this.channels) if (one === channel) this.channels.delete(key);
    const { run } = channel;
    if ([...this.channels.values()].some((one) => one.run === run)) return;
    for (const [runId, one] of this.runs) if (one === run) this.runs.delete(runId);
    run.close();
  }
}

/** Applies the changes of the run's last look to the state; undefined if there are none. */
function updated(channel: Channel): RunPatch | undefined {
  const { run, asked, state, told } = channel;
  const load = run.chosen(asked);
  const own = run.state(load);
  const texts = new Map(Object.entries(own).map(([name, part]) => [name, JSON.stringify(part)]));
  channel.told = texts;
  if (state === undefined) {
    channel.state = load?.page === undefined ? own : { ...own, load: load.page };
    return undefined;
  }
  const changed = Object.entries(own).filter(([name]) => texts.get(name) !== told.get(name));
  const isOther = own.chosen !== state.chosen;
  const ofLoad = isOther ? defined({ whole: load?.page }) : load && run.updateOf(load);
  const ofRun = changed.length > 0 ? { run: Object.fromEntries(changed) } : {};
  const patch: RunPatch = { ...ofRun, ...ofLoad };
  if (Object.keys(patch).length === 0) return undefined;
  channel.state = patched(state, patch);
  return patch;
}

function eventText(event: string, data: unknown): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
