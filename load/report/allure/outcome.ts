/**
 * The result of a load as parameters on the page of its test: the verdict, and p95 and errors with their
 * limits.
 */
import type { Judgement, Verdict } from '../../budgets/judge.ts';
import type { JudgedLoad } from '../../budgets/judged-load.ts';
import { observedText } from '../../budgets/judgement-text.ts';
import { figureText } from '../../metrics/figure-text.ts';
import { statisticIn, selectSeries } from '../../metrics/result/select.ts';

export function outcomeParameters(load: JudgedLoad): Record<string, string> {
  const { judgements } = load.verdict;
  const onErrors = judgements.filter(({ budget }) => budget.key === 'errorRate');
  return {
    verdict: verdictText(load.verdict),
    p95: p95Text(load),
    errors: onErrors.map((one) => besideLimit(one)).join('; '),
  };
}

/** `pass`, `fail: throughput, p95`: the rows that were not met. */
function verdictText({ verdict, judgements }: Verdict): string {
  const open = new Set(['fail', 'undecided', 'no-data']);
  const names = judgements.filter(({ status }) => open.has(status)).map(({ name }) => name);
  return names.length === 0 ? verdict : `${verdict}: ${names.join(', ')}`;
}

/** `153 ms, limit < 5 s`; if only tasks have a limit: `153 ms; query: 140 ms, limit < 3 s`. */
function p95Text(load: JudgedLoad): string {
  const limits = load.verdict.judgements.filter(({ budget: { subject } }) => {
    return (
      subject.kind === 'trend' && subject.metric === 'responseTime' && subject.statistic === 'p95'
    );
  });
  const isOfAll = limits.some(({ name }) => name === 'p95');
  const all = figureText(statisticIn(selectSeries(load), 'responseTime', 'p95'), 'time');
  const texts = limits.map((one) => besideLimit(one));
  return (isOfAll ? texts : [all, ...texts]).join('; ');
}

function besideLimit(judgement: Judgement): string {
  const { name, budget } = judgement;
  const whose = name === budget.key ? '' : `${name}: `;
  return `${whose}${observedText(judgement)}, limit ${budget.limitText}`;
}
