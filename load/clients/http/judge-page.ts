/** A web page in place of an answer: what a proxy or a login in front of a service says with a 200. */
import type { Answer, Judgement } from './http.ts';
import { shownBody } from './judge-response.ts';

/**
 * For requests without a schema, of which any text is good. By the body: some frameworks call every bare
 * text `text/html`. `undefined` where it is no page.
 */
export function judgePage({ status, bytes }: Answer): Judgement<undefined> | undefined {
  if (status >= 300) return undefined;
  const shown = shownBody(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (!/^\s*<(!doctype|html)/i.test(shown)) return undefined;
  return { outcome: 'invalid', kind: 'contentType', detail: `a web page: ${shown}` };
}
