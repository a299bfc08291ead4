/** The fenced blocks of a page, in whatever language. */
import { pages, type Page } from './docs-pages.ts';

export interface FencedBlock {
  readonly page: string;
  /** Such as `README.md:49`: its first line. */
  readonly where: string;
  /** Such as `ts`; empty where the fence names none. */
  readonly language: string;
  readonly code: string;
}

export function fencedBlocks({ name, text }: Page): FencedBlock[] {
  return [...text.matchAll(/^([ >]*)(`{3,}|~{3,})(.*)\n((?:.*\n)*?)\1\2 *$/gm)].map(
    ({ 3: language = '', 4: code = '', index }) => ({
      page: name,
      where: `${name}:${text.slice(0, index).split('\n').length + 1}`,
      language: language.trim(),
      code,
    }),
  );
}

/**
 * The code of the page's only block in that language. A spec that calls this is the one that holds the block to
 * what the suite reads or writes. Throws where the page has none, or several.
 */
export function docsBlock(page: string, language: string): string {
  const blocks = pages
    .filter(({ name }) => name === page)
    .flatMap(fencedBlocks)
    .filter((block) => block.language === language);
  if (blocks.length === 1) return blocks[0]!.code;
  throw new Error(`${page}: has ${blocks.length} blocks of ${language}; a spec wants one`);
}

/** One line, without the figures: what is left of two texts of one writer is the same. */
export function shapeOf(text: string): string {
  return text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\d+(?:[.:]\d+)*(?: (?:ms|s|min)\b)?/g, '#')
    .trim();
}

/** Returns the pattern for which a line of the docs stands, where `…` is whatever follows. */
export function patternOf(line: string, replaced: Readonly<Record<string, string>> = {}): RegExp {
  const own = Object.entries(replaced).reduce(
    (text, [from, to]) => text.replaceAll(from, to),
    line,
  );
  return new RegExp(
    own
      .split('…')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
      .join('.*'),
  );
}
