/**
 * The checks before a load: the system's health endpoint, then one iteration of each task, judged like
 * any other. A load in which every request fails in 5 ms would look fast, so it is not started.
 */
import { targetSecrets } from '../clients/http/overrides.ts';
import { redactText } from '../clients/redaction.ts';
import { RequestNotOk } from '../clients/scope.ts';
import { systemClock, type Clock } from '../platform/clock.ts';
import { formatMs } from '../platform/duration.ts';
import { parsedJson } from '../platform/json-file.ts';
import { Latch } from '../platform/latch.ts';
import { ArrivalGate } from '../executors/arrival-gate.ts';
import type { Sample } from '../metrics/record/sample.ts';
import { drawKey } from '../platform/random.ts';
import { wholeLoad, type Slice } from '../workload/slice.ts';
import { DatasetReader } from '../user/dataset.ts';
import type { UserDefinition } from '../user/define-user.ts';
import { TaskPicker } from '../user/draws.ts';
import type { LoadStreamContext } from '../user/load-stream-context.ts';
import { VirtualUser } from '../user/virtual-user.ts';
import { afterFailures, moreTries, pauseMs, triesNote, tryAgain, type Try } from './tries.ts';
import { unmeasuredClients, type UnmeasuredRequest } from './unmeasured-client.ts';
import { counted } from '../platform/words.ts';

export interface PreflightRequest extends UnmeasuredRequest {
  readonly runId: string;
  readonly seed: number;
  /** With several slices, each runs the check with a user of its own. Default: the whole load. */
  readonly slice?: Slice;
  /**
   * Time limit of the whole check. Default: what all tries may take by the tasks' deadlines, at least 5
   * min.
   */
  readonly limitMs?: number;
  readonly clock?: Clock;
}

/** The system refused a request with this answer; the request is kept with it. */
export interface Refusal {
  readonly status: number;
  /** The beginning of the answer's body, with secrets removed. */
  readonly text: string;
  /** Names of the top-level members of the JSON that was sent. */
  readonly sent: readonly string[];
}

/** Thrown when a task did not succeed. `kind` says how its request ended (`status 401`), if one was sent. */
export class PreflightFailed extends Error {
  override readonly name = 'PreflightFailed';
  readonly kind: Sample['errorKind'];
  readonly refusal: Refusal | undefined;

  constructor(message: string, kind: Sample['errorKind'], refusal?: Refusal) {
    super(message);
    this.kind = kind;
    this.refusal = refusal;
  }
}

/** The number of preflight's user, below those of all other users. */
const preflightNumber = -1;
const startDeadlineMs = 30_000;
const shortestLimitMs = 300_000;
/** How long `onStop` may take after the time limit has passed. */
const lastCallMs = 5000;
/** How much of an answer's body is kept. The error message is usually at its beginning. */
const keptBytes = 4096;

/**
 * Runs each task once, with `onStart`, without measuring. A task that ends with a 5xx or a timeout is
 * tried again, since a service may have such errors within its budget. Resolves with a note for each task
 * that needed another try. Throws if a request does not end ok, with the task, the URL, the status and
 * the first 200 characters of the body. Throws also if the whole check takes too long, so that a server
 * that never finishes an answer cannot keep the load from starting.
 */
export async function preflight(request: PreflightRequest): Promise<readonly string[]> {
  const { user, target, limitMs = limitOf(user), clock = systemClock() } = request;
  const gate = new ArrivalGate(clock);
  const watch = new Watch(targetSecrets(target, [user]));
  const { recorder, deadlines, clients } = unmeasuredClients(request, clock, watch.onCommit);
  const { onThrown } = watch;
  const newClient = clients.newClient.bind(clients);
  const parts = { clock, recorder, deadlines, gate, newClient, onThrown };
  const virtualUser = newUser(request, parts);
  let step = 'onStart';
  const notes: string[] = [];
  const tryStep = async (name: string, go: () => Promise<boolean>): Promise<void> => {
    step = name;
    const { last, before } = await tryAgain(clock, () => watch.see(go));
    if (!last.ok) throw failed(step, target.url, watch, before);
    const note = triesNote(`task "${step}"`, before);
    if (note !== undefined) notes.push(note);
  };
  const run = async (): Promise<void> => {
    await tryStep('onStart', async () => (await virtualUser.start(0, 0)) !== undefined);
    for (const [task, definition] of Object.entries(user.tasks)) {
      if (!definition.preflight) continue;
      await tryStep(task, () => virtualUser.runTask(task, definition, clock.now(), clock.now()));
    }
  };
  const limit = new Latch();
  const timer = clock.at(clock.now() + limitMs, limit.release);
  const late = limit.released.then(() => {
    gate.cut();
    deadlines.interruptAll();
    throw new PreflightFailed(endless(step, target.url, limitMs, watch), 'timeout');
  });
  try {
    await Promise.race([run(), late]);
    return notes;
  } finally {
    clock.cancel(timer);
    // A task that never returns would also keep `onStop` from running.
    await atMost(clock, gate.isCut ? lastCallMs : limitMs, virtualUser.stop());
    await clients.close();
  }
}

async function atMost(clock: Clock, ms: number, work: Promise<void>): Promise<void> {
  const over = new Latch();
  const timer = clock.at(clock.now() + ms, over.release);
  await Promise.race([work, over.released]);
  clock.cancel(timer);
}

function limitOf({ tasks }: UserDefinition): number {
  const deadlines = [startDeadlineMs, ...Object.values(tasks).map(({ deadlineMs }) => deadlineMs)];
  const onceMs = deadlines.reduce((sum, ms) => sum + ms + pauseMs, 0);
  return Math.max(shortestLimitMs, (1 + moreTries) * onceMs);
}

function newUser(
  { user, target, runId, seed, slice = wholeLoad }: PreflightRequest,
  parts: Pick<
    LoadStreamContext,
    'clock' | 'recorder' | 'deadlines' | 'gate' | 'newClient' | 'onThrown'
  >,
): VirtualUser {
  const name = slice.count === 1 ? 'preflight' : `preflight-${slice.index}`;
  const key = drawKey(seed, name);
  const context = {
    ...parts,
    target,
    key,
    number: 0,
    definition: user,
    // A separate reader, so that the load's own dataset still begins at its first row.
    data: user.data === undefined ? undefined : new DatasetReader(user.data, slice, key),
    picker: new TaskPicker(user.tasks),
    runId: `${runId}-${name}`,
  };
  return new VirtualUser(context, preflightNumber);
}

/** Watches the requests of preflight: counts them and keeps the first that did not end ok. */
class Watch {
  count = 0;
  last: Sample | undefined;
  bad: Sample | undefined;
  refusal: Refusal | undefined;
  private readonly secrets: readonly string[];

  constructor(secrets: readonly string[]) {
    this.secrets = secrets;
  }

  /** Runs one try of a step, and forgets what went wrong in the try before it. */
  async see(go: () => Promise<boolean>): Promise<Try> {
    this.bad = this.refusal = undefined;
    const isDone = await go();
    const { bad } = this as Watch;
    return { ok: isDone && bad === undefined, kind: bad?.errorKind };
  }

  readonly onCommit = (sample: Sample): void => {
    this.count += 1;
    this.last = sample;
    if (sample.outcome !== 'ok') this.bad ??= sample;
  };

  /** A sample keeps 200 characters of the answer. The error thrown to the task has more. */
  readonly onThrown = (error: unknown): void => {
    if (!(error instanceof RequestNotOk)) return;
    const text = Buffer.from(error.bytes).subarray(0, keptBytes).toString();
    const json = parsedJson(Buffer.from(error.sent).toString());
    this.refusal ??= {
      status: error.status,
      text: redactText(text, this.secrets),
      sent: typeof json === 'object' && json !== null ? Object.keys(json) : [],
    };
  };
}

function endless(step: string, targetUrl: string, limitMs: number, { count, last }: Watch): string {
  const requests =
    count === 0 ? 'no request' : `${counted(count, 'request')}, the last "${last!.series.request}"`;
  return (
    `Preflight: task "${step}" did not end within ${formatMs(limitMs)}, so no load was sent\n` +
    `  ${targetUrl}: ${requests}`
  );
}

function failed(
  task: string,
  targetUrl: string,
  { bad, refusal }: Watch,
  before: readonly string[],
): PreflightFailed {
  const message = complaint(task, targetUrl, bad, before);
  return new PreflightFailed(message, bad?.errorKind, refusal);
}

function complaint(
  task: string,
  targetUrl: string,
  sample: Sample | undefined,
  before: readonly string[],
): string {
  if (sample === undefined) return `Preflight: task "${task}" did not go through at ${targetUrl}`;
  const { outcome, errorKind = '', errorDetail, url } = sample;
  const where = url === '' ? targetUrl : url;
  const after = before.length === 0 ? '' : ` ${afterFailures(before)}`;
  return (
    `Preflight: task "${task}" ended ${outcome} (${errorKind})${after}, so no load was sent\n` +
    `  ${where}\n  ${errorDetail.slice(0, 200)}`
  );
}
