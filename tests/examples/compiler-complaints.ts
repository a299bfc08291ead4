/** What the compiler says of files that are not there, against the names of loadwright. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

export interface Complaint {
  /** The place of its file among those that were given. */
  readonly index: number;
  readonly text: string;
}

/** By the suite's own rules, which are strict; `relaxed` ones are not asked for. */
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
