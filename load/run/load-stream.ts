/**
 * One load stream: a part of a running load with a user definition, a workload and an executor of its own.
 * It makes the virtual users and holds the gate at which they wait.
 */
import type { ClientFactory, NewClients } from '../clients/client.ts';
import type { Deadlines } from '../clients/deadlines.ts';
import type { Clock, Timer } from '../platform/clock.ts';
import { runClosedModel } from '../executors/closed-model.ts';
import type {
  ExecutorContext,
  Iteration,
  LoadGauge,
  Steer,
  VirtualUser as Runnable,
} from '../executors/executor.ts';
import { ArrivalGate } from '../executors/arrival-gate.ts';
import { runOpenModel } from '../executors/open-model.ts';
import type { Recorder } from '../metrics/record/recorder.ts';
import { thinkTimeOf, type LoadStreamRequest } from './plan.ts';
import { drawKey, type DrawKey } from '../platform/random.ts';
import type { Slice } from '../workload/slice.ts';
import { DatasetReader } from '../user/dataset.ts';
import type { TargetInfo } from '../user/define-user.ts';
import { TaskPicker } from '../user/draws.ts';
import { type LoadStreamContext } from '../user/load-stream-context.ts';
import { VirtualUser } from '../user/virtual-user.ts';
import { plannedEndMs } from '../workload/workload.ts';

export interface LoadStreamSetting {
  readonly clock: Clock;
  readonly recorder: Recorder;
  readonly deadlines: Deadlines;
  readonly newClients: NewClients;
  readonly target: TargetInfo;
  readonly seed: number;
  readonly slice: Slice;
  readonly runId: string;
  /** Whether its level may be changed while it runs. */
  readonly isSteerable: boolean;
}

/** Limit on the turns of the event loop spent on late arrivals. Each turn starts about 64 of them. */
const mostLateTurns = 1000;

export class LoadStream {
  readonly gate: ArrivalGate;
  /** The gate at which the executor waits. In a pair it is on the clock of its side. */
  private readonly arrivals: ArrivalGate;
  readonly gauge: LoadGauge = { users: 0, backlog: 0 };
  private readonly request: LoadStreamRequest;
  private readonly number: number;
  private readonly setting: LoadStreamSetting;
  private readonly key: DrawKey;
  private readonly clients: ClientFactory;
  private readonly picker: TaskPicker;
  private readonly context: LoadStreamContext;
  private endTimer: Timer | undefined;
  private steering: Steer | undefined;

  constructor(request: LoadStreamRequest, number: number, setting: LoadStreamSetting) {
    const { clock, recorder, deadlines } = setting;
    const { side } = request;
    const target = side?.target ?? setting.target;
    const runId = side === undefined ? setting.runId : `${setting.runId}-${side.name}`;
    this.request = request;
    this.number = number;
    this.setting = setting;
    this.key = drawKey(setting.seed, side?.drawsAs ?? request.name);
    this.gate = new ArrivalGate(clock);
    this.arrivals = side === undefined ? this.gate : new ArrivalGate(side.pace);
    side?.join(this.gauge, this.arrivals);
    this.clients = setting.newClients({ clock, recorder, deadlines, user: request.user, target });
    this.picker = new TaskPicker(request.user.tasks);
    this.context = {
      number,
      clock,
      recorder,
      deadlines,
      target,
      runId,
      gate: this.gate,
      key: this.key,
      definition: request.user,
      data: this.reader(),
      picker: this.picker,
      newClient: (scope, user) => this.clients.newClient(scope, user),
    };
  }

  async run(): Promise<void> {
    const { workload } = this.request;
    const { side } = this.request;
    const context: ExecutorContext = {
      clock: side?.pace ?? this.setting.clock,
      slice: this.setting.slice,
      key: this.key,
      gate: this.arrivals,
      gauge: this.gauge,
      thinkTime: thinkTimeOf(this.request),
      newUser: side === undefined ? this.newUser : (number) => side.paced(this.newUser(number)),
      onUnstarted: this.countUnstarted,
      onSteerable: this.setting.isSteerable ? this.takeSteering : undefined,
    };
    if (workload.model === 'closed') await runClosedModel(workload, context);
    else await runOpenModel(workload, context);
  }

  /**
   * Ends a background stream at its own planned end if that comes before `endMs`, the planned end of the
   * load. A stream as long as the load goes on with it if the load is extended.
   */
  endWithin(endMs: number): void {
    const ownEndMs = plannedEndMs(this.request.workload);
    if (this.request.judged || ownEndMs >= endMs) return;
    this.endTimer = this.setting.clock.at(ownEndMs, () => {
      void this.endAt(ownEndMs).then(() => {
        this.close();
      });
    });
  }

  /**
   * Ends the load at `endMs`, or now if that is past. Arrivals due before that moment still start if this
   * machine is late; arrivals due at that moment or later never start.
   */
  async endAt(endMs: number): Promise<void> {
    this.arrivals.endsAt(endMs);
    for (let turns = 0; this.arrivals.isBehind && turns < mostLateTurns; turns++) {
      await this.setting.clock.turn();
    }
  }

  /**
   * Sets the level: users, or arrivals per second. Returns the level that was planned for this moment, or
   * undefined if the stream is not running or accepts no changes.
   */
  steer(level: number): number | undefined {
    // On a machine that is late the change may come after the planned end, when no plan is left to
    // change.
    const isOver = this.setting.clock.now() >= plannedEndMs(this.request.workload);
    return this.gate.isClosed || isOver ? undefined : this.steering?.(level);
  }

  /** Stops arrivals; requests in flight go on. */
  close(): void {
    if (this.gate.isClosed) return;
    if (this.endTimer !== undefined) this.setting.clock.cancel(this.endTimer);
    this.enter('drain');
    this.gate.close();
    this.arrivals.close();
  }

  /** Everything that it schedules from now on belongs to this phase. */
  enter(phase: string): void {
    this.setting.recorder.enter(this.number, phase);
  }

  cut(): void {
    this.close();
    this.gate.cut();
    this.arrivals.cut();
  }

  async closeClients(): Promise<void> {
    await this.clients.close();
  }

  private readonly takeSteering = (steer: Steer): void => {
    this.steering = steer;
  };

  private reader(): DatasetReader<unknown> | undefined {
    const { data } = this.request.user;
    return data === undefined ? undefined : new DatasetReader(data, this.setting.slice, this.key);
  }

  /** A user that cannot be made (for example because its headers throw) counts as one that could not start. */
  private readonly newUser = (userNumber: number): Runnable => {
    try {
      return new VirtualUser(this.context, userNumber);
    } catch (error) {
      const fail = (name: string): void => {
        const { clock, recorder } = this.setting;
        const series = recorder.ref(this.number, name, name);
        recorder.commitUnsent(series, clock.now(), 'failed', 'task', String(error));
      };
      fail('onStart');
      return {
        isSpent: true,
        start: () => Promise.resolve(undefined),
        iterate: ({ index, n }) => {
          fail(this.picker.pick(this.key, index, n).name);
          return Promise.resolve(false);
        },
        stop: () => Promise.resolve(),
      };
    }
  };

  /** An iteration that never starts is counted as one request of the task that it would have run. */
  private readonly countUnstarted = (
    { dueMs, index, n }: Iteration,
    outcome: 'dropped' | 'interrupted',
  ): void => {
    const { recorder } = this.setting;
    const { name } = this.picker.pick(this.key, index, n);
    const why =
      outcome === 'dropped' ? 'no free user, backlog full' : 'the load ended before it began';
    recorder.commitUnsent(recorder.ref(this.number, name, name), dueMs, outcome, outcome, why);
  };
}
