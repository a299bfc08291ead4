/**
 * Runs the search of `loadwright bisect` in real git repositories. Only the comparison of two builds is a
 * stand-in: it reads from the work trees which commits it was given.
 */
import { expect, test as base } from '@playwright/test';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  firstSlower,
  type Comparison,
  type SearchRequest,
} from '../../fixtures/commands/bisect-search.ts';
import { ToyRepository } from './toy-commits.ts';

export type Verdict = Comparison['verdict'];

interface Searched {
  readonly code: number | undefined;
  readonly error: string;
  readonly said: string;
  /** The numbers of the commits that were compared, in this order. */
  readonly compared: readonly number[];
}

export interface Ask extends Partial<SearchRequest> {
  readonly good: string;
  readonly bad: string;
  readonly verdictOn?: (number: number) => Verdict | Partial<Comparison>;
}

interface Toy {
  readonly repository: ToyRepository;
  readonly search: (ask: Ask) => Promise<Searched>;
  readonly interrupts: { readonly end: AbortController; readonly kill: AbortController };
}

/** From this commit on each is slower. */
export const slowFrom = (slow: number) => (number: number) =>
  number >= slow ? ('slower' as const) : ('no difference' as const);
export const numberIn = (tree: string): number =>
  Number(readFileSync(join(tree, 'number'), 'utf8'));

/** However a search ends, nothing of it is left. */
export const test = base.extend<{ toy: Toy }>({
  toy: async ({}, use, testInfo) => {
    const repository = new ToyRepository(testInfo.outputPath('service'));
    const temporary = testInfo.outputPath('temporary');
    mkdirSync(temporary);
    const interrupts = { end: new AbortController(), kill: new AbortController() };
    const search = async ({ verdictOn = slowFrom(4), ...ask }: Ask): Promise<Searched> => {
      const [said, compared]: [string[], number[]] = [[], []];
      const request: SearchRequest = {
        repository: repository.folder,
        build: undefined,
        temporary,
        compare: ({ head }) => {
          const number = numberIn(head);
          compared.push(number);
          const stated = verdictOn(number);
          const own = typeof stated === 'string' ? { verdict: stated } : stated;
          const verdict = own.verdict ?? 'slower';
          const why = `told of ${number}: ${verdict}`;
          return Promise.resolve({ verdict, why, isGoodDown: false, report: 'report', ...own });
        },
        say: (line) => said.push(line),
        interrupts: { end: interrupts.end.signal, kill: interrupts.kill.signal },
        ...ask,
      };
      const ended = await firstSlower(request).then(
        (code) => ({ code, error: '' }),
        (error: unknown) => ({ code: undefined, error: String(error) }),
      );
      return { ...ended, said: said.join('\n'), compared };
    };
    await use({ repository, search, interrupts });
    expect(readdirSync(temporary)).toEqual([]);
    expect(repository.workTrees).toBe(1);
  },
});

export { expect };
