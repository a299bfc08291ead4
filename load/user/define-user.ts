/**
 * Users. This file has the user definition: what one virtual user does, as a team writes it. It is plain
 * data with functions, independent of time, sockets and slices. Start reading here; virtual-user.ts turns
 * a definition into a running virtual user.
 */
import { z } from 'zod';
import type { Measure } from '../clients/client.ts';
import type { Http, HttpDefaults } from '../clients/http/http.ts';
import { parseDurationMs, type DurationText } from '../platform/duration.ts';
import type { MetricDeclaration } from '../metrics/definitions.ts';
import type { LabelValue } from '../metrics/record/label-text.ts';
import type { MonitorSource } from '../monitor/source.ts';
import type { Dataset, DataCursor } from './dataset.ts';
import { ownMetricsSchema } from './own-metrics.ts';
import { noThinkTime, type ThinkTime } from '../workload/think-time.ts';

/**
 * Identity of a virtual user.
 * @example
 * const accountOf = ({ number }: UserIdentity) => `load-${number % 20}@example.org`;
 */
export interface UserIdentity {
  /**
   * Counts the users of the whole load, over all slices. A user that replaces another after its session
   * has a new number.
   */
  readonly number: number;
  /** `<run>-<number>`: unique over all slices and runs. */
  readonly uniqueId: string;
}

/**
 * The system under test as a task sees it.
 *
 * @example
 * const signedIn = ({ target }: { target: TargetInfo }) => ({ 'x-api-key': target.key ?? '' });
 * defineUser({ system: 'shop', http: { headers: signedIn }, tasks });
 */
export interface TargetInfo {
  readonly url: string;
  /** The API key or token, if the target has one. It is never written to a log. */
  readonly key?: string | undefined;
  /** The system's process id, if it runs on this machine and is known. The monitor then watches the process. */
  readonly pid?: number | undefined;
}

/**
 * `onStart`, `onStop` and tasks reach their user through this. `Metrics` are the names of the user's own
 * metrics.
 * @example
 * const logIn = async ({ http, user }: UserContext<never>) => {
 *   await http.post('/login', { json: { account: `load-${user.number}` } });
 * };
 */
export interface UserContext<Row, Metrics extends string = string> {
  readonly http: Http;
  readonly user: UserIdentity;
  readonly target: TargetInfo;
  /** The next rows of the user definition's dataset. */
  readonly data: DataCursor<Row>;
  /** A random number in [0, 1), the same for this user in every run with one seed. */
  readonly random: () => number;
  /**
   * Adds to a counter, sets a gauge, counts a rate (0 or 1), or records a value of a trend, of any sign
   * and size. The value is counted with the latest answered request: under its name, with its labels, in
   * its phase.
   */
  readonly record: (metric: Metrics, value: number) => void;
  /**
   * Measures a request over a protocol of the user's own, counted like one of `http`: ok if `send`
   * resolves, failed if it rejects, or the outcome of the `JudgedFailure` that it throws. The deadline is
   * the task's.
   */
  readonly measure: Measure;
  /**
   * Ends the iteration. The latest answered request (or the task itself, if there was none) counts as
   * failed.
   */
  readonly fail: (reason: string) => never;
}

/**
 * A task reaches its user through this. `state` is what `onStart` returned, `Row` is the type of a dataset row.
 * @example
 * const order = async ({ http, wait }: TaskContext<undefined, never, never>) => {
 *   await http.get('/basket');
 *   await wait('2s');
 *   await http.post('/orders');
 * };
 * defineUser({ system: 'shop', tasks: { order: { run: order } } });
 */
export interface TaskContext<State, Row, Metrics extends string> extends UserContext<Row, Metrics> {
  /** The value that `onStart` returned. Each user has its own, and a task may change it. */
  readonly state: State;
  /** Waits inside an iteration. A request that follows is due when the wait ends. */
  readonly wait: (duration: DurationText | number) => Promise<void>;
  /**
   * Labels the latest answered request and those that follow in this iteration. A label set before a
   * request is sent is on it even if it fails. A number is stored as text.
   */
  readonly label: (name: string, value: LabelValue) => void;
}

/**
 * One weighted task, as a team writes it. It is a plain object without a wrapping call, so that
 * TypeScript carries the types of `onStart`, `data` and `metrics` into `run`.
 * @example
 * const run = async ({ http }: UserContext<unknown, never>) => void (await http.get('/items'));
 * const browse: TaskSource<unknown, unknown, never> = { weight: 5, deadline: '2s', run };
 */
export interface TaskSource<State, Row, Metrics extends string> {
  /** Share of the iterations, relative to the other tasks' weights. Default 1; a task with 0 never runs. */
  readonly weight?: number;
  /** Time limit of each of its requests. Default 30 s. */
  readonly deadline?: DurationText | number;
  /**
   * Whether a 503 counts as `degraded` instead of `failed`. In `onStart` and `onStop` only if all tasks
   * set it.
   */
  readonly toleratesDegraded?: boolean;
  /** False for a task that must not run in preflight, which runs each task once more. Default true. */
  readonly preflight?: boolean;
  /** One iteration: may send several requests, wait, label and record. */
  readonly run: (context: TaskContext<State, Row, Metrics>) => Promise<void> | void;
}

export interface Task<State, Row, Metrics extends string> extends Required<
  Omit<TaskSource<State, Row, Metrics>, 'deadline'>
> {
  readonly deadlineMs: number;
}

/**
 * `perUser`: each user has its own connections, as a browser does. `shared`: all users send over one
 * pool. `none`: a new connection for each request.
 * @example
 * defineUser({ system: 'shop', connections: 'shared', tasks });
 */
export type ConnectionPolicy = 'perUser' | 'shared' | 'none';

type Defaulted =
  | 'system'
  | 'thinkTime'
  | 'connections'
  | 'http'
  | 'secrets'
  | 'parameters'
  | 'metrics'
  | 'maxLabelValues';

/**
 * A source with its defaults filled in.
 *
 * @example
 * const taskNames = ({ tasks }: Pick<UserDefinition, 'tasks'>) => Object.keys(tasks);
 */
export interface UserDefinition<
  State = unknown,
  Row = unknown,
  TaskName extends string = string,
  MetricName extends string = string,
> extends Required<Pick<UserSource<State, Row, TaskName, MetricName>, Defaulted>> {
  readonly health: string | undefined;
  readonly monitor: readonly MonitorSource[];
  readonly session: { readonly requests: number } | undefined;
  readonly data: Dataset<Row> | undefined;
  readonly slowMs: number | undefined;
  readonly onStart: ((context: UserContext<Row, MetricName>) => Promise<State> | State) | undefined;
  readonly onStop:
    | ((context: UserContext<Row, MetricName> & { state: State }) => Promise<void> | void)
    | undefined;
  readonly tasks: Readonly<Record<TaskName, Task<State, Row, MetricName>>>;
}

/**
 * A user definition as a team writes it. Everything but `system` and `tasks` has a default.
 * @example
 * defineUser({
 *   system: 'shop',
 *   metrics: { waited: { kind: 'trend', unit: 'ms' } },
 *   tasks: {
 *     look: {
 *       run: async ({ http, record }) => record('waited', (await http.get('/items')).durationMs),
 *     },
 *   },
 * });
 */
export interface UserSource<State, Row, TaskName extends string, MetricName extends string> {
  /** The system's name, such as `web-shop`. */
  readonly system: string;
  /** Path of the system's health endpoint. `undefined`: it has none, and no health check is made. */
  readonly health?: string | undefined;
  /** The monitor reads these from the system while the load runs. */
  readonly monitor?: MonitorSource | readonly MonitorSource[];
  readonly thinkTime?: ThinkTime;
  readonly session?: { readonly requests: number };
  readonly connections?: ConnectionPolicy;
  readonly http?: HttpDefaults;
  /** Secrets that no log and no report may show. The target's key is always one of them. */
  readonly secrets?: readonly string[];
  readonly data?: Dataset<Row>;
  /**
   * Settings from outside that shape its requests, such as a model's name. They are shown in reports, and
   * baselines with other values are not compared. The dataset is compared without being named here.
   */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly metrics?: Readonly<Record<MetricName, MetricDeclaration>>;
  /** Limit on the number of different values of a label. Default 50; further values count as `other`. */
  readonly maxLabelValues?: number;
  /** Slower requests are reported one by one while the load runs. Default 3 s. */
  readonly slow?: DurationText | number;
  readonly onStart?: (context: UserContext<Row, MetricName>) => Promise<State> | State;
  readonly onStop?: (
    context: UserContext<Row, MetricName> & { state: State },
  ) => Promise<void> | void;
  // Not Readonly<…>: with a second mapped type TypeScript would lose the State that onStart returns.
  readonly tasks: Record<TaskName, TaskSource<State, Row, MetricName>>;
}

const positiveInteger = z.number().int().positive();
const sourceSchema = z.object({
  system: z.string().regex(/^[a-z0-9-]+$/, 'lower case letters, digits and hyphens'),
  health: z.string().startsWith('/').optional(),
  session: z.object({ requests: positiveInteger }).optional(),
  connections: z.enum(['perUser', 'shared', 'none']).optional(),
  maxLabelValues: positiveInteger.max(1000).optional(),
  secrets: z.array(z.string()).optional(),
  parameters: z.record(z.string().min(1), z.string()).optional(),
  metrics: ownMetricsSchema.optional(),
  tasks: z.record(z.string().min(1), z.unknown()),
});

/**
 * Checks a user definition and fills in its defaults. Throws with the field and what is accepted.
 * @example
 * const shopUser = defineUser({
 *   system: 'shop', // SHOP_URL is its address
 *   thinkTime: between('2s', '5s'),
 *   onStart: ({ user }) => ({ customer: `load-${user.uniqueId}` }),
 *   tasks: {
 *     order: {
 *       run: async ({ http, state }) => {
 *         await http.post('/orders', { json: { customer: state.customer }, status: 201 });
 *       },
 *     },
 *   },
 * });
 */
export function defineUser<
  State = undefined,
  Row = never,
  TaskName extends string = string,
  MetricName extends string = never,
>(
  source: UserSource<State, Row, TaskName, MetricName>,
): UserDefinition<State, Row, TaskName, MetricName> {
  const checked = sourceSchema.safeParse(source);
  if (!checked.success) throw new Error(`user: ${z.prettifyError(checked.error)}`);
  const names = Object.keys(source.tasks) as TaskName[];
  const tasks = names.map((name) => [name, completeTask(name, source.tasks[name])] as const);
  if (!tasks.some(([, { weight }]) => weight > 0)) {
    throw new Error(`user ${source.system}: needs at least one task with a weight above 0`);
  }
  return {
    system: source.system,
    health: source.health,
    monitor: [source.monitor ?? []].flat(),
    thinkTime: source.thinkTime ?? noThinkTime,
    session: source.session,
    connections: source.connections ?? 'perUser',
    http: source.http ?? {},
    secrets: source.secrets ?? [],
    data: source.data,
    parameters: source.parameters ?? {},
    metrics: source.metrics ?? ({} as Readonly<Record<MetricName, MetricDeclaration>>),
    maxLabelValues: source.maxLabelValues ?? 50,
    slowMs: parseDurationMs(source.slow ?? '3s', 'user.slow'),
    onStart: source.onStart,
    onStop: source.onStop,
    tasks: Object.fromEntries(tasks) as Readonly<Record<TaskName, Task<State, Row, MetricName>>>,
  };
}

function completeTask<State, Row, Metrics extends string>(
  name: string,
  source: TaskSource<State, Row, Metrics>,
): Task<State, Row, Metrics> {
  // A suite's specs are run without being compiled, so their types may never have been checked.
  if (typeof (source as Partial<typeof source> | undefined)?.run !== 'function') {
    throw new Error(`task ${name}: needs \`run\`: { run: async ({ http }) => { … } }`);
  }
  const { weight = 1, deadline = '30s', toleratesDegraded = false, preflight = true } = source;
  if (!Number.isFinite(weight) || weight < 0) {
    throw new Error(`task ${name}: weight ${weight}; accepted: a number from 0 up`);
  }
  const deadlineMs = parseDurationMs(deadline, `task ${name}: deadline`);
  if (deadlineMs <= 0) throw new Error(`task ${name}: deadline ${deadline}; must be above 0`);
  return { weight, deadlineMs, toleratesDegraded, preflight, run: source.run };
}
