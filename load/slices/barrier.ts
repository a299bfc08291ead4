/**
 * The barrier at which the slices of one test wait for each other before each of its loads: which slices
 * have joined, which are ready, when they start, and which were lost. It does not know sockets; a member
 * is anything that can be sent a message.
 */
import type { SliceLoss } from '../metrics/log/slices-in-log.ts';
import type { Timer, Clock } from '../platform/clock.ts';
import { sliceNumbers } from './slice-set.ts';
import {
  longestReason,
  type FromCoordinator,
  type FromSlice,
  type SharedTarget,
} from './messages.ts';

export interface Member {
  readonly index: number;
  /** `slice 2 of 4 (host, pid 4711)`. */
  readonly name: string;
  readonly tell: (message: FromCoordinator) => void;
}

interface BarrierOptions {
  readonly clock: Clock;
  readonly count: number;
  /** How long to wait from the first slice's arrival to the last one's. */
  readonly patienceMs: number;
}

/** From the moment that all are ready to the start, so that the message reaches every slice in time. */
const leadMs = 1000;

interface Joined {
  readonly member: Member;
  state: 'here' | 'ready' | 'loading' | 'left' | 'lost';
  load: number;
  plan: string;
}

export class Barrier {
  private readonly options: BarrierOptions;
  private readonly joined = new Map<number, Joined>();
  private target: SharedTarget | undefined;
  private loss: SliceLoss | undefined;
  private patience: Timer | undefined;

  constructor(options: BarrierOptions) {
    this.options = options;
  }

  /** Returns the reason, in words, if the slice is refused because it is already there. */
  join(member: Member): string | undefined {
    const known = this.joined.get(member.index);
    if (known !== undefined) return `${known.member.name} is there already, this is another`;
    this.joined.set(member.index, { member, state: 'here', load: 0, plan: '' });
    this.armPatience();
    if (this.target !== undefined) member.tell({ type: 'target', target: this.target });
    if (this.loss !== undefined) member.tell({ type: 'lost', loss: this.loss });
    return undefined;
  }

  hear(member: Member, message: FromSlice): void {
    const own = this.joined.get(member.index);
    if (own?.member !== member) return;
    if (message.type === 'target') {
      this.target = message.target;
      this.tellAll(message);
    } else if (message.type === 'failed') {
      this.end(message.kind, [member.index], `${member.name}: ${message.reason}`);
    } else if (message.type === 'ready') this.getReady(own, message);
    else if (message.type === 'leave') this.leave(own);
  }

  /** The slice's connection has ended, or it is silent. */
  lose(member: Member, reason: string): void {
    const own = this.joined.get(member.index);
    if (own?.member !== member || own.state === 'left' || own.state === 'lost') return;
    own.state = 'lost';
    this.end('lost', [member.index], `${member.name} was lost: ${reason}`);
    this.tellIfAllLeft();
  }

  /** The slice will not come (again). */
  expectNoMore(index: number, reason: string): void {
    const known = this.joined.get(index);
    if (known !== undefined) this.lose(known.member, reason);
    else this.end('absent', [index], `${this.named([index])} never came: ${reason}`);
  }

  /** Whether that slice was here and has left with all others. It then comes for another attempt. */
  isPast(index: number): boolean {
    return this.isOver && this.joined.has(index);
  }

  /** Whether no slice is left. */
  get isOver(): boolean {
    return this.joined.size > 0 && this.present().length === 0;
  }

  /** Ends the load of all slices, or prevents its start. The first reason stands. */
  private end(kind: SliceLoss['kind'], slices: number[], reason: string): void {
    if (this.loss !== undefined) return;
    this.loss = { kind, slices, reason: reason.slice(0, longestReason) };
    this.disarm();
    this.tellAll({ type: 'lost', loss: this.loss });
    // Slices that left before were only waiting for those still to come.
    this.tellIfAllLeft();
  }

  private getReady(own: Joined, { load, plan }: Extract<FromSlice, { type: 'ready' }>): void {
    Object.assign(own, { state: 'ready', load, plan });
    if (this.loss !== undefined) return;
    const gone = [...this.joined.values()].find(({ state }) => state === 'left');
    if (gone !== undefined) {
      this.endWithout(gone.member);
      return;
    }
    const { count, clock } = this.options;
    const ready = [...this.joined.values()].filter(({ state }) => state === 'ready');
    const other = ready.find((one) => one.load !== load || one.plan !== plan);
    if (other !== undefined) {
      const reason =
        `${own.member.name} is about to run another load than ${other.member.name}; accepted ` +
        'are slices of one commit, with the same tests, settings and seed';
      this.end('unlike', [own.member.index], reason);
      return;
    }
    if (ready.length < count) return;
    for (const one of ready) one.state = 'loading';
    this.tellAll({ type: 'start', load, epochMs: clock.epochMs + clock.now() + leadMs });
  }

  private leave(own: Joined): void {
    own.state = 'left';
    const isWaitedFor = this.present().some(({ state }) => state === 'ready');
    if (isWaitedFor) this.endWithout(own.member);
    this.tellIfAllLeft();
  }

  private endWithout({ index, name }: Member): void {
    this.end('left', [index], `${name} left without the load that others wait for`);
  }

  private named(indices: readonly number[]): string {
    return `${sliceNumbers(indices)} of ${this.options.count}`;
  }

  private tellIfAllLeft(): void {
    if (!this.isOver || (this.loss === undefined && this.joined.size < this.options.count)) return;
    this.disarm();
    this.tellAll({ type: 'allLeft' });
  }

  private present(): Joined[] {
    return [...this.joined.values()].filter(({ state }) => state !== 'left' && state !== 'lost');
  }

  private tellAll(message: FromCoordinator): void {
    for (const { member, state } of this.joined.values()) {
      if (state !== 'lost') member.tell(message);
    }
  }

  private armPatience(): void {
    const { clock, count, patienceMs } = this.options;
    if (this.joined.size === count) this.disarm();
    else {
      this.patience ??= clock.at(clock.now() + patienceMs, () => {
        const indices = Array.from({ length: count }, (_, i) => i + 1);
        const missing = indices.filter((index) => !this.joined.has(index));
        const reason = `never came (${patienceMs / 1000} s after the first)`;
        this.end('absent', missing, `${this.named(missing)} ${reason}`);
      });
    }
  }

  private disarm(): void {
    if (this.patience !== undefined) this.options.clock.cancel(this.patience);
  }
}
