/** The pages that a reader has. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Page {
  /** Such as `docs/pairs.md`. */
  readonly name: string;
  readonly text: string;
}

export const pages: readonly Page[] = [
  'README.md',
  'CONTRIBUTING.md',
  'deploy/README.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
].map((name) => ({ name, text: readFileSync(name, 'utf8') }));
