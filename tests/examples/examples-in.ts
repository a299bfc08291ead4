/** The TypeScript blocks in a page of the docs. */

export interface Example {
  readonly page: string;
  /** Its first line, for example `README.md:49`. */
  readonly where: string;
  /** The path of the file, if its first line states one. */
  readonly path: string | undefined;
  readonly code: string;
}

export function examplesIn(page: string, text: string): Example[] {
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(({ 1: code = '', index }) => ({
    page,
    where: `${page}:${text.slice(0, index).split('\n').length + 1}`,
    path: /^\/\/ (\S+\.ts)\n/.exec(code)?.[1],
    code,
  }));
}
