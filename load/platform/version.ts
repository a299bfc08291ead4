/** Versions of packages, as Node resolves them from here. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const packageJson = z.object({ version: z.string() });

/** The version of a package, or of this one, wherever it was built to. */
export function versionOf(name: string): string {
  const url = new URL(import.meta.resolve(`${name}/package.json`));
  return packageJson.parse(JSON.parse(readFileSync(url, 'utf8'))).version;
}

export const ownVersion = versionOf('loadwright');
