import { dirname, isAbsolute, join, relative } from 'node:path';

/** What a command needs of the process that it runs in. */
export interface Caller {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly print: (text: string) => void;
  /** The terminal's width; undefined where there is none. */
  readonly columns?: number | undefined;
}

/**
 * A path as whoever called it meant it: npm runs a script in the folder of its package, wherever it was called
 * (`npm --prefix`, or from a folder below), and tells that in `INIT_CWD`.
 */
export function givenPath(
  path: string,
  environment: Caller['environment'] = process.env,
  cwd = process.cwd(),
): string {
  const { INIT_CWD: start, npm_package_json: manifest } = environment;
  // What a script of npm's starts elsewhere inherits the variables, and not the place.
  const isScript = start !== undefined && manifest !== undefined && dirname(manifest) === cwd;
  return isScript && !isAbsolute(path) ? join(relative(cwd, start), path) : path;
}

/** This very process. */
export function ownProcess(): Caller {
  return {
    environment: process.env,
    print: (text) => process.stdout.write(text),
    columns: process.stdout.isTTY ? process.stdout.columns : undefined,
  };
}
