import { dirname, isAbsolute, join, relative } from 'node:path';

/** The parts of its process that a command uses. */
export interface Caller {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  /** The terminal's width; undefined without a terminal. */
  readonly columns?: number | undefined;
}

/**
 * Resolves a path as the caller meant it. npm runs a script in the folder of its package, wherever it was
 * called (`npm --prefix`, or from a folder below), and sets `INIT_CWD` to the caller's folder.
 */
export function givenPath(
  path: string,
  environment: Caller['environment'] = process.env,
  cwd = process.cwd(),
): string {
  const { INIT_CWD: start, npm_package_json: manifest } = environment;
  // A process that an npm script starts elsewhere inherits the variable although it has another folder.
  const isScript = start !== undefined && manifest !== undefined && dirname(manifest) === cwd;
  return isScript && !isAbsolute(path) ? join(relative(cwd, start), path) : path;
}

/** The current process. */
export function ownProcess(): Caller {
  return {
    environment: process.env,
    print: (text) => process.stdout.write(text),
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  };
}
