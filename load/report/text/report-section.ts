/**
 * A section of the reports that only some loads have, for what the users of one system record. It is
 * passed to the code that writes reports, which knows no system by name.
 */
import type { Result } from '../../metrics/result/result.ts';

/** @example { name: 'carts', title: 'Carts', text: cartsText, markdown: cartsMarkdown, json: cartsIn } */
export interface ReportSection {
  /** Name of the text attached to the test and of the field in `results.json`: one unique word. */
  readonly name: string;
  /** Its heading in the summary. */
  readonly title: string;
  /** For the console, at most 120 characters per line; empty if the load has no such data. */
  readonly text: (result: Result) => string;
  /** The same as Markdown, with each value escaped. */
  readonly markdown: (result: Result) => string;
  /** The same for programs. */
  readonly json?: (result: Result) => unknown;
}

/** A section in the reports of one load. */
export interface SectionEntry extends Pick<ReportSection, 'name' | 'title'> {
  readonly markdown: string;
  readonly json: unknown;
}

export function sectionEntries(
  sections: readonly ReportSection[],
  result: Result,
): readonly SectionEntry[] {
  return sections.map(({ name, title, markdown, json }) => {
    return { name, title, markdown: markdown(result), json: json?.(result) };
  });
}
