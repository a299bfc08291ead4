/** The blocks of TypeScript in a page of the docs. */

export interface Example {
  readonly page: string;
  /** Such as `README.md:49`: its first line. */
  readonly where: string;
  /** The file that it is, where its first line says so. */
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
