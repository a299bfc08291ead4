/** The exports of each entry of the package, with their doc comments and examples. */
import ts from 'typescript';
import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { ownCompilerOptions, sharingHost } from './compiler-complaints.ts';

export interface PublicName {
  readonly name: string;
  /** For example `loadwright/chat`. */
  readonly entry: string;
  /** For example `load/clients/chat/streamed-chat.ts`. */
  readonly file: string;
  /** True if it exists at run time and is not only a type. */
  readonly isValue: boolean;
  readonly isDescribed: boolean;
  /** The code of each `@example`. */
  readonly examples: readonly string[];
}

/** Matchers are public through `expect`, which has no doc comments for them. */
const further = ['fixtures/matchers/to-meet-budget.ts', 'fixtures/matchers/to-match-baseline.ts'];
further.push('fixtures/matchers/to-be-no-slower-than.ts');

let known: readonly PublicName[] | undefined;

/** Found out once a process: it takes the compiler seconds, so that no spec asks as it is opened. */
export function publicNames(): readonly PublicName[] {
  return (known ??= namesOf(() => true));
}

/** Reads only these entries, which is much faster. */
export function namesOf(isWantedEntry: (entry: string) => boolean): PublicName[] {
  const text = readFileSync('tsconfig.json', 'utf8');
  const config = ts.parseConfigFileTextToJson('', text).config as {
    compilerOptions: { paths: Readonly<Record<string, readonly [string]>> };
  };
  const options = ownCompilerOptions();
  const entries = Object.entries(config.compilerOptions.paths).map(([entry, [file]]) => ({
    entry,
    file: resolve(file),
    isWanted: /./,
  }));
  const matchers = further.map((file) => ({
    entry: 'loadwright',
    file: resolve(file),
    isWanted: /^to[A-Z]/,
  }));
  const all = [...entries, ...matchers].filter(({ entry }) => isWantedEntry(entry));
  const program = ts.createProgram(
    all.map(({ file }) => file),
    options,
    sharingHost(options),
  );
  const checker = program.getTypeChecker();
  return all.flatMap(({ entry, file, isWanted }) => {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!)!;
    return checker
      .getExportsOfModule(module)
      .filter(({ name }) => isWanted.test(name))
      .map((symbol) => named(symbol, entry, checker));
  });
}

function named(exported: ts.Symbol, entry: string, checker: ts.TypeChecker): PublicName {
  const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
  const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported;
  const tags = symbol.getJsDocTags(checker).filter(({ name }) => name === 'example');
  return {
    name: exported.name,
    entry,
    file: relative('.', symbol.declarations![0]!.getSourceFile().fileName),
    isValue: (symbol.flags & ts.SymbolFlags.Value) !== 0,
    isDescribed: symbol.getDocumentationComment(checker).length > 0,
    examples: tags.map((tag) => ts.displayPartsToString(tag.text)),
  };
}

/** The names that the example declares itself. */
export function declaredIn(code: string): ReadonlySet<string> {
  return new Set([...code.matchAll(/\b(?:const|class) (\w+)/g)].map(([, name = '']) => name));
}

/** Whether the name is used, but not as a member or a key of something else. */
export function mentions(code: string, name: string): boolean {
  return new RegExp(`(?<![\\w'])(?<!(?<!\\.\\.)\\.)${name}\\b(?!:|')`).test(code);
}

/** The names of the package that the example uses and does not declare. */
export function importsFor(code: string, names: readonly PublicName[]): string {
  const own = declaredIn(code);
  const used = names
    .filter(({ name }) => name !== 'default' && !/^to[A-Z]/.test(name))
    .filter(({ name }) => !own.has(name) && mentions(code, name));
  const lines = used.map(({ name, entry, isValue }) => {
    return `import ${isValue ? '' : 'type '}{ ${name} } from '${entry}';`;
  });
  const others = { '@playwright/test': 'defineConfig', zod: 'z' };
  for (const [from, name] of Object.entries(others)) {
    if (mentions(code, name)) lines.push(`import { ${name} } from '${from}';`);
  }
  return `${lines.join('\n')}\n`;
}
