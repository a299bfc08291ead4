/** Reads a HAR file, a recording of a browser's requests. */
import { z } from 'zod';
import { withContext } from '../platform/words.ts';

const pair = z.object({ name: z.string(), value: z.string() });
const field = z.object({
  name: z.string(),
  value: z.string().optional(),
  fileName: z.string().optional(),
});
const entrySchema = z.object({
  startedDateTime: z.string(),
  time: z.number().optional(),
  request: z.object({
    method: z.string().regex(/^[A-Za-z-]{1,20}$/, 'is no method of HTTP'),
    url: z.string(),
    headers: z.array(pair),
    postData: z
      .object({
        mimeType: z.string().optional(),
        text: z.string().optional(),
        params: z.array(field).optional(),
      })
      .optional(),
  }),
  response: z.object({
    status: z.number(),
    headers: z.array(pair),
    content: z.object({
      mimeType: z.string().optional(),
      text: z.string().optional(),
      encoding: z.string().optional(),
    }),
  }),
});
const harSchema = z.object({ log: z.object({ entries: z.array(entrySchema) }) });

export type HarEntry = z.infer<typeof entrySchema>;

/** In the order of sending. Throws with what is wrong with the file. */
export function harEntries(text: string): HarEntry[] {
  const json = withContext('no JSON', () => JSON.parse(text) as unknown);
  const parsed = harSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new Error(`no HAR: ${issue!.path.join('.')}: ${issue!.message}`);
  }
  return [...parsed.data.log.entries].sort((a, b) => startOf(a) - startOf(b));
}

/** Epoch, in ms. */
export function startOf({ startedDateTime }: HarEntry): number {
  return Date.parse(startedDateTime) || 0;
}

/** The body of the answer as text; empty if it was not recorded. */
export function answerText({ response: { content } }: HarEntry): string {
  const { text = '', encoding } = content;
  return encoding === 'base64' ? Buffer.from(text, 'base64').toString() : text;
}

/** Types that a page loads only for display. They are not part of a system's load. */
const shownType = /^(?:image|font|audio|video)\/|^text\/css|javascript|wasm|manifest/i;
const shownPath = /\.(?:js|mjs|css|map|png|jpe?g|gif|svg|ico|woff2?)$/i;

export function isOfPageOnly({ request, response }: HarEntry): boolean {
  const path = URL.canParse(request.url) ? new URL(request.url).pathname : '';
  return shownType.test(response.content.mimeType ?? '') || shownPath.test(path);
}
