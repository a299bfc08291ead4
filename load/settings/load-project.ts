/**
 * Distinguishes Playwright's load projects from its other projects: by a mark in their metadata, which
 * every process of the runner has, and by the tag of their scenario.
 */
import { z } from 'zod';

/**
 * The scenarios that `--project=…` names. A test belongs to the one of its tag, such as `@spike`.
 * @example
 * loadProjects({ testDir: 'load', scenarios: [...scenarios, 'checkout'] });
 */
export const scenarios = [
  'smoke',
  'steady',
  'spike',
  'endurance',
  'custom',
  'baseline',
  'progressive',
  'light',
  'medium',
  'heavy',
  'stress',
  'peak',
  'arrival',
  'general',
  'cache',
  'batch',
  'streaming',
  'conversation',
  'pair',
] as const;

const markSchema = z.looseObject({ loadwright: z.object({ scenario: z.string() }) });

/** The metadata of a load project, added to the team's own. */
export function markedAs(scenario: string, metadata: object = {}): z.infer<typeof markSchema> {
  return { ...metadata, loadwright: { scenario } };
}

/** The scenario of the load project with this metadata; undefined for other projects. */
export function scenarioOf(metadata: unknown): string | undefined {
  return markSchema.safeParse(metadata).data?.loadwright.scenario;
}

/** No further character of a tag may follow. */
const tagEnd = String.raw`(?![\w-])`;

/**
 * Matches the tests of a scenario, and those whose tag is one edit away from it and is no other
 * scenario's. Otherwise a test with a mistyped tag would be in no project and never run. `runLoad`
 * refuses such tests.
 */
export function tagPattern(scenario: string, all: readonly string[]): RegExp {
  const mistyped = `(?!(?:${all.join('|')})${tagEnd})(?:${oneEditFrom(scenario).join('|')})`;
  return new RegExp(`@(?:${scenario}|${mistyped})${tagEnd}`);
}

/** Patterns with one letter missing, replaced or added, and with two letters swapped. */
function oneEditFrom(word: string): string[] {
  const any = String.raw`[\w-]`;
  const at = Array.from({ length: word.length + 1 }, (_, i) => [word.slice(0, i), word.slice(i)]);
  return at.flatMap(([before = '', after = '']) => {
    const [first = '', second = ''] = after;
    const further = after.slice(1);
    return [
      `${before}${any}${after}`,
      ...(first === '' ? [] : [`${before}${further}`, `${before}${any}${further}`]),
      ...(second === '' ? [] : [`${before}${second}${first}${after.slice(2)}`]),
    ];
  });
}

/** Whether `LOAD_DURATION` gives the project's loads plans of their own. */
export function hasOwnLength(project: string): boolean {
  return project === 'baseline';
}
