/** How one slice's instrument was, over the judged time: a slice that can't be trusted spoils the whole. */
import { checkGenerator } from '../budgets/validity.ts';
import type { InstrumentFaults } from '../budgets/instrument-fault.ts';
import { GeneratorTotals } from '../metrics/result/generator-totals.ts';
import type { Interval, Plan } from '../metrics/log/schema.ts';
import { scheduledOf } from '../metrics/outcome.ts';
import { isJudged } from '../metrics/result/result.ts';

export class SliceInstrument {
  private readonly plan: Plan;
  private readonly generator = new GeneratorTotals();
  scheduled = 0;
  ended = 0;
  sent = 0;
  reachedMs = 0;

  constructor(plan: Plan) {
    this.plan = plan;
  }

  add(interval: Interval): void {
    this.scheduled += interval.scheduled;
    this.sent += interval.sent;
    for (const { outcomes } of interval.series) this.ended += scheduledOf(outcomes);
    this.reachedMs = interval.endMs;
    if (isJudged(this.plan, 0, interval.phases[0])) this.generator.add(interval);
  }

  findings(): InstrumentFaults {
    return checkGenerator({ plan: this.plan, generator: this.generator, timeline: [] });
  }
}
