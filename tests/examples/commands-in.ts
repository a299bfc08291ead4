/**
 * The commands in a page of the docs: those in its blocks of `sh`, those that a workflow in it runs, and those of npm
 * and npx in its text.
 */
import { commandWords } from '../../load/platform/command-words.ts';

export interface DocsCommand {
  /** For example `README.md:12`. */
  readonly where: string;
  /** The variables set for it, for example `LOAD_USERS=50`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly words: readonly string[];
}

export function commandsIn(page: string, text: string): DocsCommand[] {
  const lineAt = (index: number): string => `${page}:${text.slice(0, index).split('\n').length}`;
  const blocks = [...text.matchAll(/^```(sh|bash|yaml)\n(.*?)^```$/gms)].flatMap(
    ({ 1: language = '', 2: code = '', index }) =>
      // A line that ends with a backslash goes on in the next one.
      code
        .replaceAll(/\\\n\s*/g, '')
        .split('\n')
        .map((line) => (language === 'yaml' ? (/^ *(?:- )?run: (.*)/.exec(line)?.[1] ?? '') : line))
        .flatMap((line) => commandsOf(lineAt(text.indexOf('\n', index) + 1), line)),
  );
  const prose = text.replaceAll(/^```.*?^```$/gms, (block) => block.replaceAll(/[^\n]/g, ' '));
  const inline = [...prose.matchAll(/`((?:[A-Z_]+=\S+ )*(?:npx|npm) [^`]+)`/g)].flatMap(
    ({ 1: code = '', index }) => commandsOf(lineAt(index), code.replaceAll('\n', ' ')),
  );
  return [...blocks, ...inline];
}

function commandsOf(where: string, line: string): DocsCommand[] {
  const [code = ''] = line.split(/(?:^|\s)#/);
  return partsOf(code).flatMap((part) => {
    const words = commandWords(part);
    const first = words.findIndex((word) => !/^(?:export$|[A-Z]\w*=)/.test(word));
    const assigned = first < 0 ? words : words.slice(0, first);
    const variables = assigned
      .filter((word) => word !== 'export')
      .map((word) => word.split(/=(.*)/s, 2));
    if (words.length === 0) return [];
    return [
      {
        where,
        variables: Object.fromEntries(variables) as Record<string, string>,
        words: first < 0 ? [] : words.slice(first),
      },
    ];
  });
}

/** The commands of a line. Quoted text is one word, whatever it contains. */
function partsOf(line: string): string[] {
  const parts = line.match(/(?:'[^']*'|"[^"]*"|[^'"&;|])+/g) ?? [];
  return parts
    .map((part) => part.trim().replace(/^(do )?\(|\)$/g, ''))
    .filter((part) => part !== '');
}
