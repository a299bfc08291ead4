/**
 * Finds what the load tests declare, without a load: a spec file is run with a `test` and an `expect`
 * that record their arguments. Everything else that it imports is real.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';
import ts from 'typescript';
import * as loadwright from '../../fixtures/index.ts';
import type { LoadOptions } from '../../fixtures/load-request.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import type { Workload } from '../../load/workload/workload.ts';

type Options = LoadOptions<string, string, string>;

export interface DeclaredLoad {
  readonly user: UserDefinition;
  readonly workload: Workload;
  readonly options: Options;
  /** Names of the matchers that were called with its result. */
  readonly asked: string[];
}

export interface DeclaredTest {
  /** Without the `@`. */
  readonly project: string;
  /** Runs the test's body. */
  loads(): Promise<readonly DeclaredLoad[]>;
}

type Compiled = (require: (name: string) => unknown, exports: object) => void;
type Body = (fixtures: {
  readonly runLoad: typeof runLoad;
  readonly comparePair: () => Promise<Pick<DeclaredLoad, 'asked'>>;
}) => Promise<void>;
declare function runLoad(
  user: UserDefinition,
  workload: Workload,
  options?: Options,
): Promise<DeclaredLoad>;

export function declaredTests(system: string): Promise<readonly DeclaredTest[]> {
  return declaredIn(resolve(`tests/systems/${system}.spec.ts`));
}

/** `path` is that of a spec file; it may be a draft that has just been written. */
export async function declaredIn(path: string): Promise<readonly DeclaredTest[]> {
  const source = readFileSync(path, 'utf8');
  const modules = new Map<string, unknown>();
  for (const { fileName } of ts.preProcessFile(source, true, true).importedFiles) {
    const isFile = fileName.startsWith('.');
    const name = isFile ? pathToFileURL(resolve(dirname(path), fileName)).href : fileName;
    if (fileName !== 'loadwright') modules.set(fileName, await import(name));
  }
  const declared: DeclaredTest[] = [];
  const declare = (_title: string, { tag }: { readonly tag: string }, body: Body): void => {
    declared.push({ project: tag.slice(1), loads: () => loadsOf(body) });
  };
  const test = Object.assign(declare, { describe: { configure: () => undefined } });
  const expect = Object.assign(asking, { soft: asking });
  modules.set('loadwright', { ...loadwright, test, expect });
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const run = compileFunction(outputText, ['require', 'exports']) as Compiled;
  run((name) => modules.get(name), {});
  return declared;
}

async function loadsOf(body: Body): Promise<readonly DeclaredLoad[]> {
  const loads: DeclaredLoad[] = [];
  await body({
    runLoad: (user, workload, options = {}) => {
      const load = { user, workload, options, asked: [] };
      loads.push(load);
      return Promise.resolve(load);
    },
    // A pair has no budgets; it is compared round by round.
    comparePair: () => Promise.resolve({ asked: [] }),
  });
  return loads;
}

function asking({ asked }: Pick<DeclaredLoad, 'asked'>) {
  return {
    toMeetBudget: () => asked.push('toMeetBudget'),
    toMatchBaseline: () => asked.push('toMatchBaseline'),
    toBeNoSlowerThan: () => asked.push('toBeNoSlowerThan'),
  };
}
