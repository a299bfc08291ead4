/**
 * Users. This file is the user definition, what one virtual user does, as a team writes it: plain data with
 * functions in it, that knows nothing of time, sockets or slices. Start reading here; virtual-user.ts turns
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
 * Who the virtual user is.
 *
 * @example
 * const accountOf = ({ number }: UserIdentity) => `load-${number % 20}@example.org`;
 */
export interface UserIdentity {
  /** Counts all users of the load, over all slices; a fresh user after a session has a new one. */
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
  /** The API key or token, where the target has one. Never written to a log. */
  readonly key?: string | undefined;
  /** Its process, where that runs on this machine and is known: the monitor watches it. */
  readonly pid?: number | undefined;
}

/**
 * What `onStart` and `onStop` have of their user, and a task, too. `Metrics` are the names of the user's own metrics.
 *
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
  /** A draw in [0, 1), the same for this user in every run of one seed. */
  readonly random: () => number;
  /**
   * Adds to a counter, sets a gauge, counts a rate (0 or 1), records a trend's value, of any sign and
   * size. It counts with the request just answered: under its name, with its labels, in its phase.
   */
  readonly record: (metric: Metrics, value: number) => void;
  /**
   * Measures a request over a protocol of the user's own with the same accounting as `http`: ok if
   * `send` resolves, failed if it rejects, and where it throws a `JudgedFailure`, as that says. Its
   * deadline is the task's.
   */
  readonly measure: Measure;
  /** Ends the iteration: the request just answered (or, without one, the task itself) counts as failed. */
  readonly fail: (reason: string) => never;
}

/**
 * What a task has of its user: `state` is what `onStart` returned, `Row` a row of its dataset.
 *
 * @example
 * const order = async ({ http, wait }: TaskContext<undefined, never, never>) => {
 *   await http.get('/basket');
 *   await wait('2s');
 *   await http.post('/orders');
 * };
 * defineUser({ system: 'shop', tasks: { order: { run: order } } });
 */
export interface TaskContext<State, Row, Metrics extends string> extends UserContext<Row, Metrics> {
  /** What `onStart` returned; a task may change it, it is this user's own. */
  readonly state: State;
  /** Waits inside an iteration; a request that follows is due when the wait ends. */
  readonly wait: (duration: DurationText | number) => Promise<void>;
  /**
   * Labels the request just answered and those that follow in this iteration. What is known before a
   * request is sent is a label of it from then on, also where it fails; a number is kept as its text.
   */
  readonly label: (name: string, value: LabelValue) => void;
}

/**
 * One weighted task, as a team writes it. A plain object and no wrapping call, so that TypeScript
 * carries the types of `onStart`, `data` and `metrics` into `run`.
 *
 * @example
 * const run = async ({ http }: UserContext<unknown, never>) => void (await http.get('/items'));
 * const browse: TaskSource<unknown, unknown, never> = { weight: 5, deadline: '2s', run };
 */
export interface TaskSource<State, Row, Metrics extends string> {
  /** Share of iterations, against the other tasks' weights. Default 1; 0 never runs. */
  readonly weight?: number;
  /** Limit on each of its requests. Default 30 s. */
  readonly deadline?: DurationText | number;
  /** 503 counts as `degraded`, not as `failed`; in `onStart` and `onStop` where all tasks say so. */
  readonly toleratesDegraded?: boolean;
  /** False for a task that must not run twice. Default true. */
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
 * `perUser`: each user has connections of its own, as browsers do; `shared`: all send over one pool; `none`: a new
 * connection for each request.
 *
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
 * What a team writes; everything but `system` and `tasks` has a default.
 *
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
  /** The system's name, as in `web-shop`. */
  readonly system: string;
  /** Path of the endpoint that says whether the system is up; `undefined`: it has none, and is asked nothing. */
  readonly health?: string | undefined;
  /** What the monitor reads of the system while the load runs. */
  readonly monitor?: MonitorSource | readonly MonitorSource[];
  readonly thinkTime?: ThinkTime;
  readonly session?: { readonly requests: number };
  readonly connections?: ConnectionPolicy;
  readonly http?: HttpDefaults;
  /** What no log and no report may show, whoever says it; the target's key is one without being named here. */
  readonly secrets?: readonly string[];
  readonly data?: Dataset<Row>;
  /**
   * What shapes its requests and is set from outside, such as a model's name: shown in reports, and
   * baselines that differ in it are not compared. The dataset counts of itself.
   */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly metrics?: Readonly<Record<MetricName, MetricDeclaration>>;
  /** Bound on distinct values of a label; default 50, the rest goes to `other`. */
  readonly maxLabelValues?: number;
  /** Requests slower than this are named as they happen; default 3 s. */
  readonly slow?: DurationText | number;
  readonly onStart?: (context: UserContext<Row, MetricName>) => Promise<State> | State;
  readonly onStop?: (
    context: UserContext<Row, MetricName> & { state: State },
  ) => Promise<void> | void;
  // Not Readonly<…>: through a second mapped type TypeScript loses the State that onStart returns.
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
 *
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
  // A suite's specs are run, not compiled: nobody has checked their types.
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
