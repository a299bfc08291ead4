/** The metrics that a user definition may declare. */
import { z } from 'zod';
import { figures, isHop, rises, statistics, trends } from '../metrics/definitions.ts';

const shares = Object.entries(figures).filter(([, { unit }]) => unit === 'share');
const builtInShares = shares.map(([name]) => name);
/** Names that already have a meaning in budgets. `tasks` holds the budgets of single tasks. */
const taken: readonly string[] = [
  ...Object.keys(trends),
  ...Object.keys(figures),
  ...Object.keys(rises),
  ...statistics,
  'tasks',
];
const described = { what: z.string().optional(), better: z.enum(['lower', 'higher']).optional() };
const unit = z.string().optional();
const runOnly = z.literal('run').optional();
const scheduledOnly = z.literal('scheduled').optional();
const twoNames = z.tuple([z.string(), z.string()]);
/** The zod schema of `MetricDeclaration`: each kind has its own fields. */
export const ownMetricsSchema = z
  .record(
    z.string().min(1),
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.enum(['trend', 'gauge']), unit, ...described }),
      z.strictObject({ kind: z.literal('counter'), unit, over: runOnly, ...described }),
      z.strictObject({ kind: z.literal('rate'), unit, over: scheduledOnly, ...described }),
      z.strictObject({ kind: z.literal('difference'), of: twoNames, ...described }),
    ]),
  )
  .check(({ value, issues }) => {
    const isShare = (name: string): boolean =>
      value[name]?.kind === 'rate' || builtInShares.includes(name);
    for (const [name, declared] of Object.entries(value)) {
      if (taken.includes(name) || isHop(name)) {
        const message = `"${name}" is built in; accepted: a name of your own, such as my${name[0]!.toUpperCase()}${name.slice(1)}`;
        issues.push({ code: 'custom', input: declared, path: [name], message });
      }
      if (declared.kind !== 'difference' || declared.of.every(isShare)) continue;
      const rates = Object.keys(value).filter((other) => value[other]?.kind === 'rate');
      const message = `of: takes two shares: ${[...rates, ...builtInShares].join(', ')}`;
      issues.push({ code: 'custom', input: declared.of, path: [name], message });
    }
  });
