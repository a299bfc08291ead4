/** The header of a load at its beginning: the target, what is sent, and the budgets. */
import { keyText } from '../../budgets/never-seen.ts';
import type { Plan } from '../../metrics/log/schema.ts';
import { workloadText } from '../allure/metadata.ts';
import { counted } from '../../platform/words.ts';
import { visible, wrapped } from './text-table.ts';

const width = 100;
const indent = '  ';

/** The system has passed its checks by now, since the plan is made after them. */
export function headerLines(name: string, plan: Plan): string[] {
  const { system, target, streams, budgets, flags } = plan;
  const [judged, ...background] = streams;
  const stated = budgets.filter(
    ({ isDefault, phase }) => isDefault !== true && phase === undefined,
  );
  const limits = stated.map((budget) => `${keyText(budget)} ${budget.limitText}`);
  const usual = budgets.length - stated.length;
  const health = target.health === undefined ? 'no health check' : 'which passed its checks';
  const lines = [
    `system: ${system}, ${addressOf(target.url)} (${kindText(target.kind)}), ${health}`,
    judged && `load: ${workloadText(plan, judged)}; think time ${judged.thinkTime}`,
    ...background.map((one) => `beside it: ${one.name}, ${workloadText(plan, one)}`),
    `budgets: ${limits.join(', ')}${limits.length > 0 ? ', and ' : ''}${counted(usual, 'default budget')}`,
    flags.length > 0 && `switched on: ${flags.join('; ')}`,
  ];
  const told = lines.filter((line) => typeof line === 'string');
  return [
    visible(name),
    ...told.flatMap((line) => wrapped(line, width).map((one) => indent + one)),
  ];
}

/** Scheme, host and port, since the rest of a URL may contain a key. */
function addressOf(url: string): string {
  if (!URL.canParse(url)) return 'unknown address';
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

function kindText(kind: Plan['target']['kind']): string {
  return kind === 'reference' ? 'reference service' : 'your own';
}
