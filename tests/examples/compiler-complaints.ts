/** The compiler's errors on in-memory files that import loadwright's entries. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

export interface Complaint {
  /** The index of its file among the given ones. */
  readonly index: number;
  readonly text: string;
}

/** Files of the library and of packages: parsed once a process, as they are the same in every program. */
const parsed = new Map<string, ts.SourceFile | undefined>();

/** The suite's own rules, which are strict. */
export function ownCompilerOptions(): ts.CompilerOptions {
  const text = readFileSync('tsconfig.json', 'utf8');
  const config: unknown = ts.parseConfigFileTextToJson('', text).config;
  return ts.parseJsonConfigFileContent(config, ts.sys, resolve('.')).options;
}

/** A host whose files on disk are parsed once, whatever program asks for them. */
export function sharingHost(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...more) => {
    if (!parsed.has(path)) parsed.set(path, read(path, ...more));
    return parsed.get(path);
  };
  return host;
}

/** By the suite's own rules; `relaxed` ones are not asked for. */
export function compilerComplaints(
  sources: readonly { readonly path: string; readonly code: string }[],
  relaxed: ts.CompilerOptions = {},
): Complaint[] {
  const options = { ...ownCompilerOptions(), ...relaxed };
  const files = new Map(sources.map(({ path, code }) => [resolve(path), code]));
  const host = sharingHost(options);
  const shared = host.getSourceFile.bind(host);
  host.getSourceFile = (path, languageVersion, ...more) => {
    const code = files.get(path);
    if (code === undefined) return shared(path, languageVersion, ...more);
    return ts.createSourceFile(path, code, languageVersion);
  };
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
