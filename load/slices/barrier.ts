/**
 * The slices of one test, as the coordinator sees them: who has come, who is ready, when they start, and
 * who was lost. Knows no sockets: a member is somebody who can be told something.
 */
import type { Timer, Clock } from '../platform/clock.ts';
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

export interface MeetingSetting {
  readonly clock: Clock;
  readonly count: number;
  /** From the first slice's arrival to the last one's. */
  readonly patienceMs: number;
}

/** From the moment that all are ready to the start: the news must have reached everybody. */
const leadMs = 1000;

type State = 'here' | 'ready' | 'loading' | 'left' | 'lost';

interface Seat {
  readonly member: Member;
  state: State;
  load: number;
  plan: string;
}

export class Meeting {
  private readonly setting: MeetingSetting;
  private readonly seats = new Map<number, Seat>();
  private target: SharedTarget | undefined;
  private broken: string | undefined;
  private patience: Timer | undefined;

  constructor(setting: MeetingSetting) {
    this.setting = setting;
  }

  /** Refuses, in words, one that is there already. */
  join(member: Member): string | undefined {
    const known = this.seats.get(member.index);
    if (known !== undefined) return `${known.member.name} is there already, this is another`;
    this.seats.set(member.index, { member, state: 'here', load: 0, plan: '' });
    this.armPatience();
    if (this.target !== undefined) member.tell({ type: 'target', target: this.target });
    if (this.broken !== undefined) member.tell({ type: 'broken', reason: this.broken });
    return undefined;
  }

  hear(member: Member, message: FromSlice): void {
    const seat = this.seats.get(member.index);
    if (seat?.member !== member) return;
    if (message.type === 'target') this.handOut(message.target);
    else if (message.type === 'failed') this.break(`${member.name}: ${message.reason}`);
    else if (message.type === 'ready') this.getReady(seat, message);
    else if (message.type === 'leave') this.leave(seat);
  }

  /** Its connection has ended, or it is silent. */
  lose(member: Member, reason: string): void {
    const seat = this.seats.get(member.index);
    if (seat?.member !== member || seat.state === 'left' || seat.state === 'lost') return;
    seat.state = 'lost';
    this.break(`${member.name} was lost: ${reason}`);
    this.tellIfAllLeft();
  }

  /** No such slice will come (any more). */
  expectNoMore(index: number, reason: string): void {
    const seat = this.seats.get(index);
    if (seat !== undefined) this.lose(seat.member, reason);
    else this.break(`slice ${index} of ${this.setting.count} never came: ${reason}`);
  }

  /** Ends the load of all, or keeps it from beginning. The first reason stands. */
  break(reason: string): void {
    if (this.broken !== undefined) return;
    this.broken = reason.slice(0, longestReason);
    this.disarm();
    this.tellAll({ type: 'broken', reason: this.broken });
    // Those who left before waited only for whoever was still to come.
    this.tellIfAllLeft();
  }

  /** Whether that slice was here, and has gone with all the others: it comes for another attempt. */
  isPast(index: number): boolean {
    return this.isOver && this.seats.has(index);
  }

  /** Whether nobody is here any more. */
  get isOver(): boolean {
    return this.seats.size > 0 && this.present().length === 0;
  }

  private handOut(target: SharedTarget): void {
    this.target = target;
    this.tellAll({ type: 'target', target });
  }

  private getReady(seat: Seat, { load, plan }: Extract<FromSlice, { type: 'ready' }>): void {
    Object.assign(seat, { state: 'ready', load, plan });
    if (this.broken !== undefined) return;
    const gone = [...this.seats.values()].find(({ state }) => state === 'left');
    if (gone !== undefined) {
      this.break(`${gone.member.name} left without the load that others wait for`);
      return;
    }
    const { count, clock } = this.setting;
    const ready = [...this.seats.values()].filter(({ state }) => state === 'ready');
    const other = ready.find((one) => one.load !== load || one.plan !== plan);
    if (other !== undefined) {
      this.break(
        `${seat.member.name} is about to run another load than ${other.member.name}; accepted ` +
          'are slices of one commit, with the same tests, settings and seed',
      );
      return;
    }
    if (ready.length < count) return;
    for (const one of ready) one.state = 'loading';
    this.tellAll({ type: 'start', load, epochMs: clock.epochMs + clock.now() + leadMs });
  }

  private leave(seat: Seat): void {
    seat.state = 'left';
    const waiting = this.present().some(({ state }) => state === 'ready');
    if (waiting) this.break(`${seat.member.name} left without the load that others wait for`);
    this.tellIfAllLeft();
  }

  private tellIfAllLeft(): void {
    if (!this.isOver || (this.broken === undefined && this.seats.size < this.setting.count)) return;
    this.disarm();
    this.tellAll({ type: 'allLeft' });
  }

  private present(): Seat[] {
    return [...this.seats.values()].filter(({ state }) => state !== 'left' && state !== 'lost');
  }

  private tellAll(message: FromCoordinator): void {
    for (const { member, state } of this.seats.values()) {
      if (state !== 'lost') member.tell(message);
    }
  }

  private armPatience(): void {
    const { clock, count, patienceMs } = this.setting;
    if (this.seats.size === count) this.disarm();
    else {
      this.patience ??= clock.at(clock.now() + patienceMs, () => {
        const indices = Array.from({ length: count }, (_, i) => i + 1);
        const missing = indices.filter((index) => !this.seats.has(index));
        const names = `slice${missing.length > 1 ? 's' : ''} ${missing.join(', ')} of ${count}`;
        this.break(`${names} never came (${patienceMs / 1000} s after the first)`);
      });
    }
  }

  private disarm(): void {
    if (this.patience !== undefined) this.setting.clock.cancel(this.patience);
  }
}
