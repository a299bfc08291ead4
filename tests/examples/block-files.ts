/**
 * The blocks of TypeScript in the docs, as files of a project that a runner can open. A block that says which file
 * it is stands as it is; what stands around a part of a spec is found by what the part has in it.
 */
import type { Example } from './examples-in.ts';

export interface BlockFile {
  /** The block that it is made of, such as `README.md:49`. */
  readonly where: string;
  /** Below a folder of the page's own, since two pages may have files of one name. */
  readonly path: string;
  readonly code: string;
  readonly kind: 'spec' | 'module' | 'configuration';
}

/** A part of a spec is put into this file: a team's user, and the names that it may use. */
const around = `import {
  between, constant, defineUser, expect, noThinkTime, smoke, spike, stages, test, users,
} from 'loadwright';

test.describe.configure({ lock: '-exclusive-' });

const user = defineUser({
  system: 'shop',
  thinkTime: constant('200ms'),
  tasks: { order: { run: async ({ http }) => void (await http.get('/items')) } },
});
`;

const smokeOf = (title: string): string => `
test('${title}', { tag: '@smoke' }, async ({ runLoad }) => {
  expect(await runLoad(user, smoke(user))).toMeetBudget();
});
`;

/** The block's file comes first; a module is followed by a spec that uses it. */
export function blockFiles(example: Example): BlockFile[] {
  const { where, code, path } = example;
  const folder = folderOf(example);
  const file = (name: string, text: string, kind: BlockFile['kind']): BlockFile => {
    return { where, path: `${folder}/${name}`, code: text, kind };
  };
  const own = `block-${where.split(':')[1]}`;
  if (path?.endsWith('.spec.ts')) return [file(path, code, 'spec')];
  if (/^export default defineConfig\(/m.test(code)) {
    return [file(`${own}/playwright.config.ts`, code, 'configuration')];
  }
  if (path !== undefined || /^import /m.test(code)) {
    const name = path ?? `${own}.ts`;
    return [file(name, code, 'module'), file(`${own}.spec.ts`, userOf(where, name, code), 'spec')];
  }
  return [file(`${own}.spec.ts`, `${around}${completed(where, code)}`, 'spec')];
}

/** A test of the module's own sends a load; of another one everything is there once it is opened. */
function userOf(where: string, name: string, code: string): string {
  const from = `./${name}`;
  if (/^export const test\b/m.test(code)) {
    return (
      around.replace(' expect,', '').replace(' test,', '') +
      `import { expect, test } from '${from}';\n${smokeOf(where)}`
    );
  }
  const exported = [...code.matchAll(/^export (?:async )?(?:const|function|class) (\w+)/gm)];
  const names = exported.map(([, one = '']) => `'${one}'`).sort();
  return `import { expect, test } from 'loadwright';

test('${where}', { tag: '@smoke' }, async () => {
  const opened: object = await import('${from}');
  expect(Object.keys(opened).sort()).toEqual([${names.join(', ')}]);
});
`;
}

/** Tests stand by themselves; what is set for them wants one; everything else is what a test does. */
function completed(where: string, code: string): string {
  if (/^test\(/m.test(code)) return code;
  if (/^test\.use\(/m.test(code)) return code + smokeOf(where);
  return `\ntest('${where}', { tag: '@steady' }, async ({ runLoad }) => {\n${code}});\n`;
}

function folderOf({ page }: Pick<Example, 'page'>): string {
  return page.replace(/\.md$/, '').toLowerCase();
}

export interface DeclaredBlockTest {
  readonly title: string;
  /** Without the `@`. */
  readonly scenario: string;
}

export function testsOf({ code }: BlockFile): DeclaredBlockTest[] {
  return [...code.matchAll(/^test\('([^']+)', \{ tag: '@(\w+)' \}/gm)].map(
    ([, title = '', scenario = '']) => ({ title, scenario }),
  );
}

/** In ms, of all durations that the code names; 0 where it names none. */
export function longestMs(code: string): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  const named = [...code.matchAll(/\bduration: '(\d+)(ms|s|m|h)'/g)];
  return Math.max(0, ...named.map(([, count, unit = '']) => Number(count) * units[unit]!));
}
