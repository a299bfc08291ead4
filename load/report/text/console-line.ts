/** Lines for a terminal: plain text, and what of it is coloured where colours are wanted. */
import { styleText } from 'node:util';
import { z } from 'zod';

export const consoleLineSchema = z.object({
  text: z.string(),
  /** The part of the text that has a colour: where it begins so its beginning, else the last of its kind. */
  marked: z.string().optional(),
  colour: z.enum(['green', 'red', 'yellow', 'magenta']).optional(),
});

export type ConsoleLine = z.infer<typeof consoleLineSchema>;
export type Colour = NonNullable<ConsoleLine['colour']>;

/** The lines, each with its line break. */
export function printed(lines: readonly ConsoleLine[], isColoured: boolean): string {
  return lines.map((line) => `${isColoured ? coloured(line) : line.text}\n`).join('');
}

function coloured({ text, marked, colour }: ConsoleLine): string {
  if (marked === undefined || colour === undefined) return text;
  // A name before it may have the same word in it.
  const at = text.startsWith(marked) ? 0 : text.lastIndexOf(marked);
  const painted = styleText(colour, marked, { validateStream: false });
  return text.slice(0, at) + painted + text.slice(at + marked.length);
}
