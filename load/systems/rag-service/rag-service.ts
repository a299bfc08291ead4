/** The user of a RAG service: indexes documents of its own and asks about them. */
import { z } from 'zod';
import type { Reply } from '../../clients/http/http.ts';
import { RequestNotOk } from '../../clients/scope.ts';
import { between } from '../../workload/think-time.ts';
import { defineUser, type UserContext } from '../../user/define-user.ts';
import { jsonMetrics } from '../../monitor/json-metrics.ts';
import { fieldOf, parsedJson } from '../../platform/json-file.ts';
import { oneOf } from '../../platform/lists.ts';
import { ragMetrics } from './metrics.ts';
import { documentTexts, newDocument, type Fact } from './rag-documents.ts';

const documentsPerRequest = 3;
const topK = 5;
/** The number of latest facts that a user asks about, which limits its memory. */
const factsRemembered = 60;
const indexDeadline = '15s';

/** The fields in which services report a vector store's timeout. */
const marks = ['"error"', '"detail"'].map((mark) => Buffer.from(mark));
const tookTooLong = /timeout|deadline/i;

const indexReply = z.object({ collection: z.string().min(1), chunks: z.number().int().min(1) });
const queryReply = z.object({
  answer: z.string().trim().min(1),
  // The user has indexed what it asks about, so an answer without context is wrong.
  context: z.array(z.unknown()).min(1),
  usage: z.record(z.string(), z.unknown()),
});

interface State {
  readonly collection: string;
  facts: readonly Fact[];
  /** How many documents it has indexed, which is what its questions search. */
  documents: number;
}

const largest = [4, 8, 16, 32, 64, 128, 256] as const;

/** Powers of two: a search that reads everything takes twice as long in the next bucket. */
function sizeBucket(documents: number): string {
  const most = largest.find((bound) => documents <= bound);
  return most === undefined ? `> ${largest.at(-1)!}` : `≤ ${most}`;
}

type Metric = keyof typeof ragMetrics;
type Context = UserContext<never, Metric>;

export const ragServiceUser = defineUser({
  system: 'rag-service',
  health: '/health',
  thinkTime: between('3s', '8s'),
  monitor: jsonMetrics('/api/v1/metrics', {
    storeWaiting: { optional: 'vector_store.pool_waiting' },
  }),
  parameters: { texts: documentTexts },
  metrics: ragMetrics,
  onStart: async (context: Context): Promise<State> => {
    const { user, random } = context;
    // Letters, digits and underscores, which every vector store accepts in a name.
    const collection = `loadtest_${user.uniqueId.replaceAll(/[^A-Za-z0-9]+/g, '_')}`;
    const { documents, facts } = newDocuments(random);
    const json = { collection, documents };
    const options = { json, expect: indexReply, deadline: indexDeadline };
    await watched(context, ({ http }) => http.post('/index', options));
    return { collection, facts, documents: documents.length };
  },
  tasks: {
    query: {
      weight: 7,
      deadline: '10s',
      toleratesDegraded: true,
      async run(context) {
        const { state, random } = context;
        const { question } = oneOf(state.facts, random);
        const json = { query: question, collection: state.collection, top_k: topK };
        const labels = { collectionSize: sizeBucket(state.documents) };
        const options = { json, labels, expect: queryReply };
        await watched(context, ({ http }) => http.post('/query', options));
      },
    },
    'index documents': {
      weight: 3,
      deadline: indexDeadline,
      toleratesDegraded: true,
      async run(context) {
        const { state, random } = context;
        const { documents, facts } = newDocuments(random);
        const json = { collection: state.collection, documents };
        await watched(context, ({ http }) => http.post('/index', { json, expect: indexReply }));
        state.documents += documents.length;
        state.facts = [...state.facts, ...facts].slice(-factsRemembered);
      },
    },
  },
});

/** Sends, and records whether the answer, whatever its status, reports a vector-store timeout. */
async function watched(
  context: Context,
  send: (context: Context) => Promise<Reply<unknown>>,
): Promise<void> {
  const { record, fail } = context;
  try {
    const isTimeout = isVectorTimeout((await send(context)).bytes);
    record('vectorTimeoutRate', isTimeout ? 1 : 0);
    if (isTimeout) fail('an answer that tells of a vector-store timeout');
  } catch (error) {
    if (error instanceof RequestNotOk) {
      record('vectorTimeoutRate', isVectorTimeout(error.bytes) ? 1 : 0);
    }
    throw error;
  }
}

function newDocuments(random: () => number): { documents: string[]; facts: Fact[] } {
  const made = Array.from({ length: documentsPerRequest }, () => newDocument(random));
  return { documents: made.map(({ text }) => text), facts: made.flatMap(({ facts }) => facts) };
}

/**
 * Whether `error` or `detail` at the top of a JSON body reports a timeout or a deadline. A slow vector
 * store reports it in the body, and services use any status for it.
 */
export function isVectorTimeout(bytes: Uint8Array): boolean {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // A cheap check before a costly one: good answers contain neither word.
  if (!marks.some((mark) => body.includes(mark))) return false;
  const parsed = parsedJson(body.toString());
  const told = [fieldOf(parsed, 'error'), fieldOf(parsed, 'detail')];
  // Some services send an object there: `{"error": {"message": "deadline exceeded"}}`.
  return told.some((one) => one !== undefined && tookTooLong.test(JSON.stringify(one)));
}
