/** Lines for a terminal: plain text, and which part is coloured if colours are on. */
import { styleText } from 'node:util';
import { z } from 'zod';

export const consoleLineSchema = z.object({
  text: z.string(),
  /** The coloured part of the text: at the beginning if it is there, else its last occurrence. */
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
  // A name before it may contain the same word.
  const at = text.startsWith(marked) ? 0 : text.lastIndexOf(marked);
  const painted = styleText(colour, marked, { validateStream: false });
  return text.slice(0, at) + painted + text.slice(at + marked.length);
}
