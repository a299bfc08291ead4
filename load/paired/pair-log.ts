/**
 * The log of a pair: append-only, with a line for its plan, a line per round and a line for its end. The
 * verdict, the live line and every report are computed from it. An incomplete last line is ignored.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { reasonOf } from '../platform/words.ts';
import { fileStem } from '../platform/whole-file.ts';
import { pairMetrics } from './pair-metrics.ts';
import { verdictOn, type PairVerdict } from './pair-verdict.ts';
import { roundSchema, type Round } from './round.ts';

export const pairLogEnding = '.pair.jsonl';

const planSchema = z.object({
  type: z.literal('pair'),
  schema: z.literal(1),
  testId: fileStem,
  runId: fileStem,
  title: z.string(),
  system: z.string(),
  /** The Playwright project, and the load as text. Missing in older logs. */
  scenario: z.string().optional(),
  level: z.string().optional(),
  startedAtEpochMs: z.number(),
  seed: z.number(),
  /** The workload of each side, as text. */
  workload: z.string(),
  sides: z.object({
    kind: z.enum(['commands', 'reference services', 'addresses']),
    /** For readers: the command, the switches or the address. */
    base: z.string(),
    head: z.string(),
    areRestarted: z.boolean(),
    areAtOnce: z.boolean(),
  }),
  tolerances: z.array(
    z.object({ metric: z.enum(pairMetrics), text: z.string(), share: z.number() }),
  ),
  /** Requests that the sides may answer differently. Missing in older logs. */
  answersMayDiffer: z.array(z.string()).optional(),
  mostRounds: z.number().int().positive(),
  roundMs: z.number(),
  machine: z.object({ host: z.string(), cpu: z.string(), cores: z.number() }),
});
export type PairPlan = z.infer<typeof planSchema>;

/** `decided`: a look decided, or it was the last one. `failed`: a side could not be started or checked. */
const endSchema = z.object({
  type: z.literal('end'),
  cause: z.enum(['decided', 'interrupted', 'failed']),
  detail: z.string(),
  /** The side that could not be started, or failed its check. */
  notReady: z.enum(['base', 'head']).optional(),
  atMs: z.number(),
});
export type PairEnd = z.infer<typeof endSchema>;

const lineSchema = z.discriminatedUnion('type', [planSchema, roundSchema, endSchema]);
export type PairLine = z.infer<typeof lineSchema>;

/** The rounds of a pair so far. */
export interface Pair {
  readonly plan: PairPlan;
  readonly rounds: readonly Round[];
  /** Missing while it runs, and if its process died. */
  readonly end: PairEnd | undefined;
}

/**
 * A pair with its rounds and the verdict on them.
 *
 * @example
 * const pair: JudgedPair = await comparePair(shopUser, load);
 * if (pair.verdict.verdict === 'undecided') console.log(`${pair.rounds.length} rounds did not decide`);
 */
export interface JudgedPair extends Pair {
  readonly verdict: PairVerdict;
  readonly logPath: string | undefined;
  /** Why the log is incomplete, so that the reports may have another verdict. */
  readonly logFailure?: string | undefined;
}

/** A pair that could not run, or failed in the middle, is invalid. */
export function judgedPair(pair: Pair, logPath?: string): JudgedPair {
  const { plan, rounds, end } = pair;
  const { tolerances, mostRounds, answersMayDiffer, sides } = plan;
  const { areRestarted } = sides;
  const verdict = verdictOn(rounds, { tolerances, mostRounds, areRestarted, answersMayDiffer });
  if (end?.cause !== 'failed') return { ...pair, verdict, logPath };
  const faults = [end.detail, ...verdict.faults];
  return { ...pair, verdict: { ...verdict, verdict: 'invalid', faults, isFinal: true }, logPath };
}

/** Throws if the file cannot be read or a line other than an incomplete last one is invalid. */
export function readPair(path: string): JudgedPair {
  const lines = parsePairLines(readFileSync(path, 'utf8'), path);
  const [plan] = lines;
  if (plan?.type !== 'pair') throw new Error(`${path}: does not begin with the plan of a pair`);
  const rounds = lines.filter((line) => line.type === 'round');
  const end = lines.find((line) => line.type === 'end');
  return judgedPair({ plan, rounds, end }, path);
}

function parsePairLines(text: string, path: string): PairLine[] {
  // Text after the last line break is incomplete.
  const whole = text.split('\n').slice(0, -1);
  return whole.map((line, i) => {
    try {
      return lineSchema.parse(JSON.parse(line));
    } catch (error) {
      throw new Error(`${path}:${i + 1}: ${reasonOf(error)}`, { cause: error });
    }
  });
}
