/**
 * The running pairs for the live line: their progress, their results so far, and how long they may still
 * take.
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { momentText } from '../../metrics/figure-text.ts';
import { looksWithin } from '../../paired/looks.ts';
import { pairLogEnding, readPair, type JudgedPair } from '../../paired/pair-log.ts';
import { counted } from '../../platform/words.ts';
import { changeOf, nameOf, pairSentence } from '../text/pair-text.ts';

export class LivePairs {
  private readonly folder: string;
  /** Finished logs, including those of earlier runs. */
  private readonly over: Set<string>;
  /** How many rounds of each pair were reported. */
  private readonly told = new Map<string, number>();
  /**
   * The state when it was last read, with the length of its log. An unchanged log is not read again,
   * since reading takes time from the load.
   */
  private readonly known = new Map<string, { readonly bytes: number; readonly pair: JudgedPair }>();
  private running: JudgedPair[] = [];

  constructor(folder: string) {
    this.folder = folder;
    this.over = new Set(this.logs());
  }

  /** Reads the logs. Returns a line for each round that has ended since the last call. */
  look(): string[] {
    this.running = [];
    return this.logs().flatMap((name) => {
      if (this.over.has(name)) return [];
      const pair = this.read(name);
      if (pair === undefined) return [];
      if (pair.end === undefined) this.running.push(pair);
      else this.over.add(name);
      const before = this.told.get(name) ?? 0;
      this.told.set(name, pair.rounds.length);
      return pair.rounds.length > before ? [livePairText(pair)] : [];
    });
  }

  /** The running pairs as a line; empty if there are none. */
  get text(): string {
    return this.running.map(livePairText).join('; ');
  }

  private read(name: string): JudgedPair | undefined {
    const path = join(this.folder, name);
    try {
      const bytes = statSync(path).size;
      const known = this.known.get(name);
      if (known?.bytes === bytes) return known.pair;
      const pair = readPair(path);
      this.known.set(name, { bytes, pair });
      return pair;
    } catch {
      // Its first line is incomplete.
      return undefined;
    }
  }

  private logs(): string[] {
    try {
      return readdirSync(this.folder).filter((name) => name.endsWith(pairLogEnding));
    } catch {
      // Nothing has been written yet.
      return [];
    }
  }
}

/** `shop-pair-10-users: round 5, next look after 8, p50 +7.8 % (5.9–9.7 %), at most 8:10 left`. */
export function livePairText(pair: JudgedPair): string {
  const { plan, verdict } = pair;
  const { testId, mostRounds } = plan;
  if (pair.end !== undefined || verdict.isFinal) return `${testId}: ${pairSentence(pair)}`;
  const look = looksWithin(mostRounds).find(({ rounds }) => rounds > verdict.rounds);
  const [first] = verdict.metrics;
  const seen = first === undefined ? '' : `${nameOf(first.metric)} ${changeOf(first)}, `;
  return (
    `${testId}: ${counted(verdict.rounds, 'round')}, next look after ${look?.rounds ?? mostRounds}, ` +
    `${seen}at most ${momentText(leftMs(pair))} left`
  );
}

/** Estimated from the duration of the rounds so far, including controls; before the first from the plan. */
function leftMs({ plan, rounds, verdict }: JudgedPair): number {
  const last = rounds.at(-1);
  const each = last === undefined ? plan.roundMs : last.endedAtMs / rounds.length;
  const share = verdict.rounds === 0 ? 1 : rounds.length / verdict.rounds;
  return each * share * (plan.mostRounds - verdict.rounds);
}
