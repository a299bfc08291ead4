/**
 * Services that answer fast and wrong: none of them is ever green, none of their answers counts as ok,
 * and each is named. From the first answer on, preflight stops the load; later, the verdict does.
 */
import { expect, test } from '@playwright/test';
import pLimit from 'p-limit';
import type { Outcome } from '../../load/metrics/outcome.ts';
import { outcomesIn } from '../../load/report/outcomes.ts';
import { apiGatewayUser, streamingUser } from '../../load/systems/api-gateway.ts';
import { mcpServerUser } from '../../load/systems/mcp-server.ts';
import { mcpSettings } from '../../load/systems/mcp-settings.ts';
import { queryGatewayUser } from '../../load/systems/query-gateway.ts';
import { ragServiceUser } from '../../load/systems/rag-service.ts';
import { constant } from '../../load/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import type { RealOutcome } from '../instrument/real-load.ts';
import { launchedTrap, RelayedService } from './open-trap.ts';
import { trapAtOnce, trapLater, type Trap, type TrappedSystem } from './trapped.ts';

interface Row extends Trap {
  readonly what: string;
  /** Where fewer than all are struck: the switch that strikes all, so that the first answer is. */
  readonly always?: string;
  readonly outcome: Outcome;
  readonly kind: string;
  /** Words of the answer itself, or of what was wrong with it. */
  readonly says: string;
  /** The status that the struck answers have. */
  readonly status: number;
}

function withModel(user: unknown): UserDefinition {
  return { ...(user as UserDefinition), onStart: () => ({ model: 'reference-chat-8b' }) };
}

const gateway = {
  open: launchedTrap({
    service: 'api-gateway',
    env: { REFERENCE_SLOWDOWN: 'chat completion:0.1' },
    endpoint: 'POST /v1/chat/completions',
  }),
  task: 'chat completion',
  checks: 2,
};
const streams: TrappedSystem = { ...gateway, users: [withModel(streamingUser)] };
const chats: TrappedSystem = {
  ...gateway,
  users: [withModel(apiGatewayUser), withModel(streamingUser)],
};

const relayed = {
  mcp: new RelayedService('mcp-server'),
  rag: new RelayedService('rag-service'),
  query: new RelayedService('query-gateway'),
};

/** Only that task: users of several loads at once have files of the same names. */
function behindRelay(
  service: RelayedService,
  user: unknown,
  task: string,
  asks: string,
): TrappedSystem {
  const whole = user as UserDefinition;
  const only = { ...whole, tasks: { [task]: whole.tasks[task]! } };
  return { open: service.trap(asks), users: [only], task, checks: 1 };
}

const mcpUser = mcpServerUser(mcpSettings({}));
const gitStatus = 'POST /mcp tools/call git_status';
const tools = behindRelay(relayed.mcp, mcpUser, 'git_status', gitStatus);
const restUser = mcpServerUser(mcpSettings({ MCP_TRANSPORT: 'rest' }));
const restPath = 'POST /tools/git_status/call';
const restTools = behindRelay(relayed.mcp, restUser, 'git_status', restPath);
const queries = behindRelay(relayed.rag, ragServiceUser, 'query', 'POST /query');
const think = constant('100ms');
const texts = behindRelay(
  ...([relayed.query, queryGatewayUser({ common: 1, think })] as const),
  ...(['common', 'POST /v1/query-classify'] as const),
);

/** What, on which system, by which switch; how it counts, what the report says, and its status. */
function row(
  what: string,
  system: TrappedSystem,
  faults: string,
  [outcome, kind, says, status]: readonly [Outcome, string, string, number],
  more: Pick<Row, 'always' | 'deadlineMs'> = {},
): Row {
  return { what, system, faults, outcome, kind, says, status, ...more };
}

const half = { always: 'throttle' };
const hangs = { deadlineMs: 1000 };
const noAnswer = ['timeout', 'timeout', 'after the headers of a 200', 200] as const;
const cut = ['invalid', 'truncated', 'the stream ended without [DONE]', 200] as const;
const page = ['invalid', 'contentType', '<!doctype html>', 200] as const;
const backend = ['failed', 'application', 'the backend failed', 200] as const;
const oom = ['failed', 'application', 'the model ran out of memory', 200] as const;
const rows: readonly Row[] = [
  row('200 with {"success": false}', chats, 'success-false', [
    ...(['failed', 'application', '{"success":false', 200] as const),
  ]),
  row('HTML with 200', chats, 'html', ['invalid', 'contentType', '<!doctype html>', 200]),
  row('401 on everything', chats, 'unauthorized', [
    ...(['failed', 'status 401', 'the key is not accepted', 401] as const),
  ]),
  row('429 on half', chats, 'throttle:0.5', ['throttled', 'throttled', 'too many', 429], half),
  row('503 on all', chats, 'unavailable', ['degraded', 'degraded', 'overloaded', 503]),
  row('an empty completion', chats, 'empty-completion', [
    ...(['invalid', 'schema', 'empty completion', 200] as const),
  ]),
  row('a body cut half-way', chats, 'cut-short', ['invalid', 'truncated', '', 200]),
  row('a body that never ends', chats, 'endless-body', noAnswer, hangs),
  row('a body that never begins', chats, 'hang-after-headers', noAnswer, hangs),
  row('a stream without [DONE]', streams, 'missing-done', cut),
  row('a stream without a finish_reason', streams, 'no-finish-reason', [
    ...(['invalid', 'truncated', 'without finish_reason', 200] as const),
  ]),
  row('a stream with an error event', streams, 'error-event', oom),
  row('a stream with an error in its data', streams, 'error-mid-stream', oom),
  row('MCP: an error of JSON-RPC in 200', tools, 'rpc-error', [
    ...(['failed', 'rpcError', '-32603: the tool crashed', 200] as const),
  ]),
  row('MCP: a result that says isError', tools, 'tool-error', [
    ...(['failed', 'toolError', 'the disk is full', 200] as const),
  ]),
  row('MCP: HTML with 200', tools, 'html', page),
  row('MCP over REST: {"success": false}', restTools, 'success-false', [
    ...(['failed', 'toolError', 'the backend failed', 200] as const),
  ]),
  row('RAG: {"success": false}', queries, 'success-false', backend),
  row('RAG: an empty answer', queries, 'empty-answer', ['invalid', 'schema', '"answer":" "', 200]),
  row('RAG: HTML with 200', queries, 'html', page),
  row('query gateway: {"success": false}', texts, 'success-false', backend),
  row('query gateway: nothing inside', texts, 'nothing-inside', ['invalid', 'schema', '{}', 200]),
  row('query gateway: HTML with 200', texts, 'html', page),
];

// Each waits for processes and deadlines more than it works: a few at a time, from the first test on.
const few = pLimit(3);
const runs = new Map<Row, Promise<Awaited<ReturnType<typeof trapLater>>>>();

test.beforeAll(() => {
  for (const one of rows) {
    const run = few(() => trapLater(one));
    run.catch(() => undefined);
    runs.set(one, run);
  }
});

test.afterAll(async () => {
  await Promise.allSettled(runs.values());
  for (const service of Object.values(relayed)) await service.stop();
});

for (const one of rows) {
  test(`${one.what}: preflight names it, and no load is sent`, async () => {
    const always = one.always && { ...one, faults: one.always };
    const { again } = await runs.get(one)!;
    const { complaints, answered } = always ? await trapAtOnce(always) : again;
    for (const complaint of complaints) {
      expect(complaint).toContain(
        `Preflight: task "${one.system.task}" ended ${one.outcome} (${one.kind})`,
      );
      expect(complaint).toMatch(new RegExp(`POST http://\\S+ → ${one.status}\\n`));
      expect(complaint).toContain(one.says);
    }
    expect(complaints).toHaveLength(one.system.users.length);
    expect(answered).toEqual({ [one.status]: one.system.users.length });
  });

  test(`${one.what}, after preflight: ${one.outcome} (${one.kind}), and red`, async () => {
    const { loads, outcomes, answered } = await runs.get(one)!;
    for (const load of loads) expectRed(one, load);
    // Every wrong answer, by the service's own count, and no other, has this outcome.
    const { ok = 0, [one.outcome]: struck = 0, ...others } = outcomes as Record<string, number>;
    expect(others).toEqual({});
    const good = one.always === undefined ? {} : { 200: ok };
    expect(answered).toEqual({ ...good, [one.status]: struck });
    if (one.always === undefined) expect(ok).toBe(0);
  });
}

const budgetOf: Partial<Record<Outcome, string>> = {
  throttled: 'throttledRate',
  degraded: 'degradedRate',
};

function expectRed({ outcome, kind, says }: Row, { result, verdict, text }: RealOutcome): void {
  expect(verdict.verdict, text).not.toBe('pass');
  // Whatever else is said of the run: this is what it is red for.
  const budget = budgetOf[outcome] ?? 'errorRate';
  const judgement = verdict.judgements.find(({ name }) => name === budget);
  expect(judgement, text).toMatchObject({ status: 'fail' });
  expect(text).toMatch(new RegExp(`^${kind} +\\d+ `, 'm'));
  const samples = outcomesIn(result).errors.map(({ sample }) => sample);
  expect(samples.join('\n')).toContain(says);
}
