/**
 * Shows loads on the console: a header at the beginning of each; while they run, one line that is updated
 * each second on a terminal, or elsewhere a line each 10 s (for long loads about ten lines in total); and
 * the first slow requests, with the others counted. All data come from the interval logs in the run's
 * folder. Logs that existed before the run are ignored.
 */
import { readdirSync, type Dirent } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import type { Clock, Timer } from '../../platform/clock.ts';
import { LogTail } from '../../metrics/log/reader.ts';
import type { Plan } from '../../metrics/log/schema.ts';
import { LivePairs } from './live-pairs.ts';
import { LiveLoad, sumStatus, type LiveStatus } from './live-load.ts';
import { groupedBy } from '../../platform/lists.ts';
import { cut } from '../../platform/words.ts';
import { liveText, plainText, slowLines } from './live-text.ts';
import type { Screen } from './screen.ts';
import { headerLines } from '../text/load-header.ts';
import { nameOfLog } from '../../settings/run-folder.ts';

const lookMs = 1000;
const plainMs = 10_000;
/** Without a limit, a load of hours would fill the console and hide the result. */
const plainLinesALoad = 10;
/** Long enough for others to finish writing, and short enough not to be noticed. */
const againMs = 50;

interface Followed {
  readonly tail: LogTail;
  readonly load: LiveLoad;
}

export class LiveView {
  private readonly folder: string;
  private readonly clock: Clock;
  private readonly screen: Screen;
  private readonly followed = new Map<string, Followed>();
  private readonly pairs: LivePairs;
  private readonly over: Set<string>;
  private readonly announced = new Set<string>();
  /** By load: how many slow requests have been counted in lines without a terminal. */
  private readonly slowTold = new Map<string, number>();
  private plainAtMs = Infinity;
  private line = '';
  private next: Timer | undefined;
  private again: Timer | undefined;

  /** `folder` need not exist yet. */
  constructor(folder: string, clock: Clock, screen: Screen) {
    this.folder = folder;
    this.clock = clock;
    this.screen = screen;
    this.over = new Set(this.logs());
    this.pairs = new LivePairs(folder);
  }

  start(): void {
    if (this.next === undefined) this.arm();
  }

  /** Other output replaced the line, so it is shown again when that is complete. */
  showAgain(): void {
    if (this.next === undefined) return;
    this.again ??= this.clock.at(this.clock.now() + againMs, () => {
      this.again = undefined;
      this.show();
    });
  }

  /** A test is over: the rest of its load's log is reported now, and nothing later. */
  settle(logPath: string): void {
    const name = basename(logPath);
    if (this.over.has(name)) return;
    const one = this.followed.get(name) ?? this.follow(name);
    this.read(name, one);
    this.leave(name, one);
    this.compose();
    if (this.line === '') this.screen.hide();
  }

  stop(): void {
    for (const timer of [this.next, this.again]) {
      if (timer !== undefined) this.clock.cancel(timer);
    }
    this.next = this.again = undefined;
    for (const { tail } of this.followed.values()) tail.close();
    this.screen.hide();
  }

  private arm(): void {
    this.next = this.clock.at(this.clock.now() + lookMs, () => {
      this.look();
      this.arm();
    });
  }

  private look(): void {
    for (const name of this.logs()) {
      if (this.over.has(name) || this.followed.has(name)) continue;
      this.followed.set(name, this.follow(name));
    }
    for (const [name, one] of this.followed) {
      this.read(name, one);
      if (!one.load.hasEnded && one.tail.failure === undefined) continue;
      this.leave(name, one);
    }
    const rounds = this.pairs.look();
    if (this.screen.size === undefined) {
      this.printPlain();
      this.print(rounds);
    }
    this.compose();
    this.show();
  }

  private leave(name: string, { tail }: Followed): void {
    tail.close();
    this.followed.delete(name);
    this.over.add(name);
  }

  private follow(name: string): Followed {
    const load = new LiveLoad(nameOfLog(name));
    return { tail: new LogTail(join(this.folder, name)), load };
  }

  private read(path: string, { tail, load }: Followed): void {
    for (const line of tail.read()) {
      const slow = slowLines(load.name, load.add(line));
      if (line.type === 'plan') this.announce(shownName(path, load), line);
      this.print(slow);
    }
  }

  /** The slices of one load are announced once. */
  private announce(name: string, plan: Plan): void {
    if (this.announced.has(name)) return;
    this.announced.add(name);
    this.print(['', ...headerLines(name, plan)]);
  }

  private print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.screen.print(`${lines.map((text) => this.fitting(text)).join('\n')}\n`);
  }

  private printPlain(): void {
    const nowMs = this.clock.now();
    const statuses = this.statuses();
    if (statuses.length === 0) this.plainAtMs = Infinity;
    else if (this.plainAtMs === Infinity) this.plainAtMs = nowMs + plainMs;
    if (nowMs < this.plainAtMs) return;
    const longestMs = Math.max(...statuses.map(({ atMs, leftMs }) => atMs + leftMs));
    this.plainAtMs += plainMs * Math.max(1, Math.ceil(longestMs / plainLinesALoad / plainMs));
    this.print(statuses.map((status) => plainText({ ...status, slow: this.slowSince(status) })));
  }

  /** Slow requests since the last line that were neither listed nor counted. */
  private slowSince({ name, slowInAll }: LiveStatus): number {
    const before = this.slowTold.get(name) ?? 0;
    this.slowTold.set(name, slowInAll);
    return slowInAll - before;
  }

  private compose(): void {
    // Only one test runs at a time, a load or a pair.
    this.line = liveText(this.statuses(), this.width()) || this.pairs.text;
  }

  private show(): void {
    if (this.line === '') this.screen.hide();
    else this.screen.show(this.fitting(this.line));
  }

  private fitting(text: string): string {
    return cut(text, this.width());
  }

  /** The last column stays empty, since terminals differ in how a full row ends. */
  private width(): number {
    return (this.screen.size?.columns ?? Infinity) - 1;
  }

  /** The slices of one load count as one load. */
  private statuses(): LiveStatus[] {
    const loads = groupedBy(this.followed, ([path, { load }]) => shownName(path, load));
    return [...loads].flatMap(([name, slices]) => {
      const statuses = slices.flatMap(([, { load }]) => load.status() ?? []);
      return statuses.length === 0 ? [] : [sumStatus(name, statuses)];
    });
  }

  /** Paths relative to the folder, including those in the folders of slices. */
  private logs(): string[] {
    const entries = entriesOf(this.folder);
    const ofSlices = entries
      .filter((one) => one.isDirectory())
      .flatMap(({ name }) => entriesOf(join(this.folder, name)).map((log) => join(name, log.name)));
    const own = entries.filter((one) => one.isFile()).map(({ name }) => name);
    return [...own, ...ofSlices].filter((name) => extname(name) === '.ndjson');
  }
}

/** Logs of slices, which have folders of their own, belong to one load. */
function shownName(path: string, load: LiveLoad): string {
  return dirname(path) === '.' ? load.name : load.wholeName;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    // Nothing has been written yet, or it cannot be read, so there is nothing to show.
    return [];
  }
}
