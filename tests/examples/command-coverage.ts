/** Whether a command of the docs is among those that a test runs, or that have a reason why none does. */
import { shellWord } from '../../load/platform/command-words.ts';
import { commandsIn, type DocsCommand } from './commands-in.ts';
import {
  checkoutCases,
  elsewhere,
  nightlyCases,
  notRun,
  sliceCommands,
  userCases,
} from './docs-commands.ts';

/** As one would type it. */
export function commandText({
  variables,
  words,
}: Pick<DocsCommand, 'variables' | 'words'>): string {
  const set = Object.entries(variables).map(([name, value]) => `${name}=${shellWord(value)}`);
  return [...set, ...words.map((word) => (word === '>' ? word : shellWord(word)))].join(' ');
}

/** Every command that is named above. */
export const knownCommands: readonly string[] = [
  ...[...userCases, ...nightlyCases, ...checkoutCases].flatMap(({ command, beside = [] }) => [
    command,
    ...beside,
  ]),
  ...Object.values(sliceCommands),
  ...[...elsewhere, ...notRun].flatMap(({ commands }) => commands),
];
const known = knownCommands.flatMap((line) => commandsIn('', `\`\`\`sh\n${line}\n\`\`\`\n`));

/**
 * Undefined where a test runs the command, or a reason is stated. A command in a text may lack its last words, or
 * have a place for a reader's own there; a variable may have another value.
 */
export function whyUnknown({ variables, words }: DocsCommand): string | undefined {
  // Every package that the docs install is installed, and variables alone do nothing.
  if (words.length === 0 || /^npm (?:i|install) -D /.test(words.join(' '))) return undefined;
  const open = words.findIndex((word) => /^(?:--project=)?…$|<\w/.test(word));
  const stated = open < 0 ? words : words.slice(0, open);
  // In this repository the commands of the package are scripts.
  const [program, verb, name = '', ...rest] = stated.filter((word) => word !== '--');
  const ofPackage = program === 'npm' && verb === 'run' ? ['npx', 'loadwright', name, ...rest] : [];
  const isKnown = known.some(
    (one) =>
      Object.keys(variables).every((variable) => variable in one.variables) &&
      (isStartOf(stated, one.words) || (ofPackage.length > 0 && isStartOf(ofPackage, one.words))),
  );
  return isKnown ? undefined : 'no test runs it, and no reason is stated';
}

function isStartOf(words: readonly string[], of: readonly string[]): boolean {
  return words.every((word, i) => of[i] === word);
}
