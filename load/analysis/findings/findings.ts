/** Runs the rules at every level of every system, and ranks the findings. */
import { minuteMs } from '../../metrics/result/minute-blocks.ts';
import type { Check, Evidence, Finding, Rule } from './finding.ts';
import type { BaselineLoad } from './baseline-load.ts';
import { apart, laddersIn, type Ladder } from './ladders.ts';
import { latencyRise, type LoadLevel } from './load-level.ts';
import { rules } from './rules.ts';

export interface FindingsOptions {
  /** Length of the blocks for detecting a trend. Default: a minute; shorter only in tests. */
  readonly blockMs?: number;
  /** Default: all. */
  readonly rules?: readonly Rule[];
  /** Baselines of other runs, for systems that have none in this run. */
  readonly baselines?: readonly BaselineLoad[];
}

/**
 * The findings in the loads of a run, ranked by how much of a latency they explain. If a rule finds
 * something at several levels of a system, the first level is listed, and later ones if it explains more
 * there. The loads may include those of other runs, such as a baseline.
 */
export function findingsIn(
  loads: readonly LoadLevel[],
  { blockMs = minuteMs, rules: asked = rules, baselines = [] }: FindingsOptions = {},
): Finding[] {
  const found = laddersIn(loads, baselines).flatMap((ladder) =>
    new AskedLadder(ladder, blockMs, asked).findings(),
  );
  return found.sort((a, b) => b.explains - a.explains);
}

class AskedLadder {
  private readonly steps: readonly LoadLevel[];
  private readonly alone: BaselineLoad | undefined;
  private readonly blockMs: number;
  private readonly rules: readonly Rule[];

  constructor({ steps, alone }: Ladder, blockMs: number, asked: readonly Rule[]) {
    this.steps = steps;
    this.alone = alone;
    this.blockMs = blockMs;
    this.rules = asked;
  }

  findings(): Finding[] {
    const fired = new Map<Rule, LoadLevel>();
    return this.steps.flatMap((level) => {
      const seen = this.seenAt(level);
      const names = seen.map(([rule]) => rule.name);
      return seen
        .filter(([{ yieldsTo }]) => !yieldsTo.some((name) => names.includes(name)))
        .map(([rule, evidence]) => {
          const first = fired.get(rule) ?? level;
          fired.set(rule, first);
          return this.findingOf(rule, evidence, level, first);
        });
    });
  }

  private seenAt(level: LoadLevel): [Rule, Evidence][] {
    const input = { level, below: this.below(level), alone: this.alone, blockMs: this.blockMs };
    return this.rules.flatMap((rule) => {
      const evidence = rule.find(input);
      return evidence === undefined ? [] : [[rule, evidence] as [Rule, Evidence]];
    });
  }

  private below(level: LoadLevel): LoadLevel[] {
    return this.steps.filter(({ load }) => level.load >= apart * load);
  }

  private findingOf(rule: Rule, evidence: Evidence, level: LoadLevel, first: LoadLevel): Finding {
    const { window = level.window, explains, checks, ...rest } = evidence;
    const { plan } = level;
    const all = rule.isOfLevels ? [...checks, ...this.orderCheck(first)] : checks;
    return {
      rule: rule.name,
      title: rule.title,
      system: plan.system,
      testId: plan.testId,
      level: level.name,
      load: level.load,
      window,
      ...rest,
      checks: all,
      confidence: all.every(({ outcome }) => outcome === 'speaks for it')
        ? 'confirmed'
        : 'suspected',
      explains: Math.min(1, Math.max(0, explains ?? this.riseShare(level, first))),
    };
  }

  /** A resource that ran out only after the latency rose is not its cause. */
  private orderCheck(first: LoadLevel): Check[] {
    const before = this.below(first);
    const early = before.find((level) => {
      const lower = this.below(level).at(-1);
      return lower !== undefined && latencyRise(level, lower) !== undefined;
    });
    if (early === undefined) return [];
    const text = `the latency had already risen at ${early.name}, before the resource ran short`;
    return [{ text, outcome: 'speaks against it' }];
  }

  /** How much the latency is above that of the last level at which the resource had not run out. */
  private riseShare(level: LoadLevel, first: LoadLevel): number {
    const quiet = this.below(first).at(-1);
    if (quiet === undefined || latencyRise(level, quiet) === undefined) return 0;
    // If the mean is infinite, all of it is above.
    return Number.isFinite(level.meanMs) ? 1 - quiet.meanMs / level.meanMs : 1;
  }
}
