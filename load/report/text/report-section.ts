/**
 * A part of the reports that only some loads have: what the user of a system records and nobody else could
 * tell. It is handed to whatever writes a report, which knows no system by name.
 */
import type { Result } from '../../metrics/result/result.ts';

/** @example { name: 'carts', title: 'Carts', text: cartsText, markdown: cartsMarkdown, json: cartsIn } */
export interface ReportSection {
  /** Names the text beside the test and the field in `results.json`: one word that no other part has. */
  readonly name: string;
  /** Its heading in the summary. */
  readonly title: string;
  /** For the console, at most 120 characters a line; empty where the load has nothing of the kind. */
  readonly text: (result: Result) => string;
  /** The same in Markdown, where each value is escaped. */
  readonly markdown: (result: Result) => string;
  /** The same for machines. */
  readonly json?: (result: Result) => unknown;
}

/** A section as it stands in the reports of one load. */
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
