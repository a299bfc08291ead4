/** The metrics of its own that a user definition may declare. */
import { z } from 'zod';
import { figures } from '../metrics/definitions.ts';

const builtInShares = Object.entries(figures).flatMap(([name, { unit }]) =>
  unit === 'share' ? [name] : [],
);
const described = { what: z.string().optional(), better: z.enum(['lower', 'higher']).optional() };
const unit = z.string().optional();
/** As `MetricDeclaration` says: each kind has terms of its own. */
export const ownMetricsSchema = z
  .record(
    z.string().min(1),
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.enum(['trend', 'gauge']), unit, ...described }),
      z.strictObject({
        kind: z.literal('counter'),
        unit,
        over: z.literal('run').optional(),
        ...described,
      }),
      z.strictObject({
        kind: z.literal('rate'),
        unit,
        over: z.literal('scheduled').optional(),
        ...described,
      }),
      z.strictObject({
        kind: z.literal('difference'),
        of: z.tuple([z.string(), z.string()]),
        ...described,
      }),
    ]),
  )
  .check(({ value, issues }) => {
    const isShare = (name: string): boolean =>
      value[name]?.kind === 'rate' || builtInShares.includes(name);
    for (const [name, declared] of Object.entries(value)) {
      if (declared.kind !== 'difference' || declared.of.every(isShare)) continue;
      const rates = Object.keys(value).filter((other) => value[other]?.kind === 'rate');
      const message = `of: takes two shares: ${[...rates, ...builtInShares].join(', ')}`;
      issues.push({ code: 'custom', input: declared.of, path: [name], message });
    }
  });
