/** The compiler's errors on in-memory files that import loadwright's entries. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

export interface Complaint {
  /** The index of its file among the given ones. */
  readonly index: number;
  readonly text: string;
}

/** With the suite's own strict rules, except for the `relaxed` ones. */
export function compilerComplaints(
  sources: readonly { readonly path: string; readonly code: string }[],
  relaxed: ts.CompilerOptions = {},
): Complaint[] {
  const text = readFileSync('tsconfig.json', 'utf8');
  const config: unknown = ts.parseConfigFileTextToJson('', text).config;
  const own = ts.parseJsonConfigFileContent(config, ts.sys, resolve('.')).options;
  const options = { ...own, ...relaxed };
  const files = new Map(sources.map(({ path, code }) => [resolve(path), code]));
  const host = ts.createCompilerHost(options);
  host.fileExists = (path) => files.has(path) || ts.sys.fileExists(path);
  host.directoryExists = (path) =>
    ts.sys.directoryExists(path) || [...files.keys()].some((file) => file.startsWith(`${path}/`));
  host.readFile = (path) => files.get(path) ?? ts.sys.readFile(path);
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((path, index) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
      .map((text) => ({ index, text })),
  );
}
