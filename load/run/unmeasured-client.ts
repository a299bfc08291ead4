/**
 * Sends what is measured nowhere: the checks before a load, the questions after its health, the monitor's
 * readings. It goes the way of the load itself, with the user's headers, certificates, proxy, redirects
 * and deadlines, and what is told of it is free of secrets; only its recorder is one that nobody reads.
 */
import type { NewClients } from '../clients/client.ts';
import { Deadlines } from '../clients/deadlines.ts';
import type { Answer, Judgement, Reply, RequestOptions } from '../clients/http/http.ts';
import { judgePage } from '../clients/http/judge-response.ts';
import { targetSecrets } from '../clients/http/overrides.ts';
import { redactDetail, secretsOf } from '../clients/redaction.ts';
import { RequestNotOk, type RequestScope } from '../clients/scope.ts';
import { Recorder } from '../metrics/record/recorder.ts';
import type { Sample } from '../metrics/record/sample.ts';
import type { Clock } from '../platform/clock.ts';
import type { TargetInfo, UserDefinition } from '../user/define-user.ts';

/** On whose behalf, and of whom, is asked. */
export interface UnmeasuredRequest {
  readonly user: UserDefinition;
  readonly target: TargetInfo;
  readonly newClients: NewClients;
}

/** What clients of the user need beside a load; `onCommit` sees each request that has ended. */
export function unmeasuredClients(
  { user, target, newClients }: UnmeasuredRequest,
  clock: Clock,
  onCommit?: (sample: Sample) => void,
) {
  const phases = [{ name: 'warm-up' as const, startMs: 0 }];
  const secrets = secretsOf(targetSecrets(target, [user]));
  const recorder = new Recorder(clock, [{ phases, maxLabelValues: 1, slowMs: undefined }], {
    redact: (text) => redactDetail(text, secrets),
    onCommit,
  });
  const deadlines = new Deadlines(clock);
  const clients = newClients({ clock, recorder, deadlines, user, target });
  return { recorder, deadlines, clients };
}

/** Who asks: its name, which stands for user, task and request, and a number below all users'. */
export interface Asker {
  readonly name: string;
  readonly number: number;
  readonly deadlineMs: number;
}

/** `onChunk` is given the body as it comes, and the answer keeps nothing of it. */
type PartWise = Pick<RequestOptions<undefined>, 'onChunk'>;

export interface UnmeasuredClient {
  /**
   * Follows redirects within the host. Rejects where the answer is not 2xx, or a web page to which one led,
   * by its deadline at the latest, with what was wrong in words.
   */
  get(path: string, options?: PartWise): Promise<Reply<undefined>>;
  readonly close: () => Promise<void>;
}

/** A redirect from health to a login page is no health. */
function judgeRedirected(answer: Answer): Judgement<undefined> | undefined {
  return answer.hops === 0 ? undefined : judgePage(answer);
}

export function unmeasuredClient(
  request: UnmeasuredRequest,
  clock: Clock,
  { name, number, deadlineMs }: Asker,
): UnmeasuredClient {
  const { recorder, clients } = unmeasuredClients(request, clock);
  const scope: RequestScope = {
    clock,
    recorder,
    deadlineMs,
    toleratesDegraded: false,
    schedule: () => recorder.schedule(recorder.ref(0, name, name), clock.now(), clock.now()),
    settle: (sample) => {
      recorder.commit(sample);
      // What nobody reads must not grow with the run.
      recorder.closeInterval(clock.now(), false);
    },
  };
  const client = clients.newClient(scope, { number, uniqueId: name });
  return {
    get: async (path, options) => {
      try {
        const judged = { redirect: 'sameHost', judge: judgeRedirected } as const;
        return await client.http.get(path, { ...judged, ...options });
      } catch (error) {
        if (!(error instanceof RequestNotOk)) throw error;
        const { errorKind = 'not ok', errorDetail } = error.sample;
        throw new Error(`${errorKind} ${errorDetail}`.trim(), { cause: error });
      }
    },
    close: async () => {
      await client.close();
      await clients.close();
    },
  };
}
