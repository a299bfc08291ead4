/** The pairs that run, for the live line: where they are, what they show so far, and how long it may still take. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { momentText } from '../../metrics/figure-text.ts';
import { looksWithin } from '../../paired/looks.ts';
import { pairLogEnding, readPair, type JudgedPair } from '../../paired/pair-log.ts';
import { counted } from '../../platform/words.ts';
import { changeOf, nameOf, pairSentence } from '../text/pair-text.ts';

export class LivePairs {
  private readonly folder: string;
  /** Logs that are over, those of earlier runs among them. */
  private readonly over: Set<string>;
  /** How many rounds of each were told. */
  private readonly told = new Map<string, number>();
  /** As it was read last, and how long its log was then: reading it takes time from the load itself. */
  private readonly known = new Map<string, { readonly bytes: number; readonly pair: JudgedPair }>();
  private running: JudgedPair[] = [];

  constructor(folder: string) {
    this.folder = folder;
    this.over = new Set(this.logs());
  }

  /** Reads what is there; returns a line for each round that has ended since. */
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

  /** The pairs that run in a line; empty where none does. */
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
      // Its first line is being written.
      return undefined;
    }
  }

  private logs(): string[] {
    try {
      return readdirSync(this.folder).filter((name) => name.endsWith(pairLogEnding));
    } catch {
      // Nobody has written anything yet.
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

/** As long as the rounds so far took, controls among them; before the first, as long as it is planned to. */
function leftMs({ plan, rounds, verdict }: JudgedPair): number {
  const last = rounds.at(-1);
  const each = last === undefined ? plan.roundMs : last.endedAtMs / rounds.length;
  const share = verdict.rounds === 0 ? 1 : rounds.length / verdict.rounds;
  return each * share * (plan.mostRounds - verdict.rounds);
}
