/**
 * Sends requests that are not measured: checks before a load, health checks after it, the monitor's
 * readings. They are sent like those of the load, with the user's headers, certificates, proxy, redirects
 * and deadlines, and errors are free of secrets. Only the recorder differs: its samples are thrown away.
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

/** On whose behalf a request is sent, and to which target. */
export interface UnmeasuredRequest {
  readonly user: UserDefinition;
  readonly target: TargetInfo;
  readonly newClients: NewClients;
}

/** A client factory of the user, for use outside of a load. `onCommit` receives each request that has ended. */
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

/** Who sends the request: `name` stands for user, task and request; `number` is below those of all users. */
export interface Asker {
  readonly name: string;
  readonly number: number;
  readonly deadlineMs: number;
}

/** `onChunk` receives the body as it arrives; the answer then keeps none of it. */
type PartWise = Pick<RequestOptions<undefined>, 'onChunk'>;

export interface UnmeasuredClient {
  /**
   * Sends a GET and follows redirects within the host. Rejects, at the latest at its deadline, if the
   * answer is not 2xx or if a redirect led to a web page; the error says which.
   */
  get(path: string, options?: PartWise): Promise<Reply<undefined>>;
  readonly close: () => Promise<void>;
}

/** A redirect from a health endpoint to a login page does not mean that the system is healthy. */
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
      // The samples are dropped, so that memory does not grow with the run.
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
