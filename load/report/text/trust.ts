/** Whether the measurement is valid, in one sentence, shown right below the verdict. */
import type { Verdict } from '../../budgets/judge.ts';
import { shareText } from '../../metrics/figure-text.ts';
import { formatMs } from '../../platform/duration.ts';
import { counted } from '../../platform/words.ts';

export interface Trust {
  /** `flagged`: it is valid, with a remark. `undecided`: it is not valid for every row. */
  readonly level: 'stands' | 'flagged' | 'undecided' | 'broken';
  readonly text: string;
}

export function trustIn(verdict: Verdict): Trust {
  const { invalid, flags, judgements } = verdict;
  const [fault, ...others] = invalid;
  if (fault !== undefined) {
    return {
      level: 'broken',
      text: `The load generator cannot be trusted: ${fault.text}${more(others.length)}.`,
    };
  }
  const health = healthText(verdict);
  const open = judgements.filter(({ status }) => status === 'undecided');
  if (open.length > 0) {
    const rows = open.length === 1 ? 'a row' : `${open.length} rows`;
    const names = open.map(({ name }) => name).join(', ');
    return {
      level: 'undecided',
      text: `Lateness of the load generator leaves ${rows} undecided (${names}): ${health}.`,
    };
  }
  const [flag, ...further] = flags;
  if (flag !== undefined) {
    const what = counted(flags.length, 'disturbance');
    const text = `The load generator can be trusted, with ${what}: ${flag.text}${more(further.length)}.`;
    return { level: 'flagged', text };
  }
  return { level: 'stands', text: `The load generator can be trusted: ${health}.` };
}

function healthText({ lateness, littlesLaw }: Verdict): string {
  const late = `this machine was ${formatMs(lateness.p99Ms)} late at p99 and at most ${formatMs(lateness.longestMs)}`;
  if (littlesLaw === undefined) return late;
  return `${late}, and its own counts agree within ${shareText(littlesLaw.deviation)} (Little's law)`;
}

function more(count: number): string {
  return count === 0 ? '' : ` (and ${count} more)`;
}
