/**
 * A service that answers one kind of request fast and wrong: a reference service with a switch, or one
 * behind a relay that answers in its place. Both count their answers.
 */
import { launchReference, type ReferenceService } from '../../fixtures/reference/launch.ts';
import { relayTo } from '../contracts/relay.ts';
import type { ServerResponse } from 'node:http';

/** By status, counted by the service. */
export type StatusCounts = Readonly<Record<string, number>>;

export interface OpenTrap {
  readonly url: string;
  /** How the affected requests were answered. */
  answered(): Promise<StatusCounts>;
  close(): Promise<void>;
}

/** Opens the trap with that name. The first `after` requests are answered correctly. */
export type TrapOpener = (faults: string, after: number) => Promise<OpenTrap>;

interface Launched {
  readonly service: string;
  readonly env: Readonly<Record<string, string>>;
  /** The service's name for the requests. */
  readonly endpoint: string;
}

/** A new service with its switches. */
export function launchedTrap({ service, env, endpoint }: Launched): TrapOpener {
  return async (faults, after) => {
    const switches = after === 0 ? faults : `${faults},after:${after}`;
    const launched = await launchReference(service, {
      env: { ...env, REFERENCE_FAULTS: switches },
    });
    return {
      url: launched.url,
      answered: async () => {
        const health = (await (await fetch(`${launched.url}/health`)).json()) as {
          readonly requests: { readonly by_endpoint: Readonly<Record<string, StatusCounts>> };
        };
        return health.requests.by_endpoint[endpoint] ?? {};
      },
      close: () => launched.stop(),
    };
  };
}

interface WrongAnswer {
  readonly type: string;
  readonly text: string;
  /** Default 200. */
  readonly status?: number;
  /** Its body never ends. */
  readonly isEndless?: boolean;
}

const wrongAnswers: Readonly<Record<string, (id: unknown) => WrongAnswer>> = {
  unauthorized: () => ({ ...json({ error: 'the key is not accepted' }), status: 401 }),
  throttle: () => ({ ...json({ error: 'too many requests' }), status: 429 }),
  unavailable: () => ({ ...json({ error: 'overloaded' }), status: 503 }),
  'endless-body': () => ({ ...json({ status: 'healthy' }), isEndless: true }),
  'error-inside': () => json({ error: 'the database is down' }),
  'empty-response': () => json({ response: '', timestamp: '2026-01-01', user_id: 'x' }),
  'half-a-body': () => ({ ...json({}), text: '{"response":"Eat' }),
  unhealthy: () => json({ status: 'unhealthy' }),
  'success-false': () => json({ success: false, error: 'the backend failed' }),
  html: () => ({ type: 'text/html', text: '<!doctype html><html><h1>Welcome</h1></html>' }),
  'nothing-inside': () => json({}),
  'empty-answer': () => json({ answer: ' ', context: [], usage: {} }),
  'rpc-error': (id) => rpc(id, { error: { code: -32603, message: 'the tool crashed' } }),
  'tool-error': (id) =>
    rpc(id, { result: { content: [{ type: 'text', text: 'the disk is full' }], isError: true } }),
};

/** Relays in front of one service that all its traps share. It is started with the first of them. */
export class RelayedService {
  private readonly name: string;
  private launched: Promise<ReferenceService> | undefined;

  constructor(name: string) {
    this.name = name;
  }

  /** `what` is answered wrongly, for example `POST /query`. */
  trap(what: string): TrapOpener {
    return async (faults, after) => {
      const answer = wrongAnswers[faults]!;
      const counts: Record<string, number> = {};
      let asked = 0;
      const count = (response: ServerResponse): void => {
        response.once('close', () => {
          counts[response.statusCode] = (counts[response.statusCode] ?? 0) + 1;
        });
      };
      const env = { REFERENCE_SLOWDOWN: '0.05' };
      const { url } = await (this.launched ??= launchReference(this.name, { env }));
      const relay = await relayTo(url, (request, response) => {
        if (request.what !== what) return false;
        count(response);
        asked += 1;
        if (asked <= after) return false;
        const { type, text: body, status = 200, isEndless = false } = answer(request.id);
        response.writeHead(status, { 'content-type': type });
        if (isEndless) response.write(body);
        else response.end(body);
        return true;
      });
      const answered = (): Promise<StatusCounts> => Promise.resolve({ ...counts });
      return { url: relay.url, answered, close: () => relay.close() };
    };
  }

  async stop(): Promise<void> {
    await (await this.launched)?.stop();
  }
}

function json(value: object): WrongAnswer {
  return { type: 'application/json', text: JSON.stringify(value) };
}

function rpc(id: unknown, fields: object): WrongAnswer {
  return json({ jsonrpc: '2.0', id, ...fields });
}
