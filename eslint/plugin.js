/** The repository's own rules, for requirements of architecture and style that no published rule checks. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commentSentence } from './comment-sentence.js';
import { noConditionalSpread } from './no-conditional-spread.js';
import { noLiteralSpread } from './no-literal-spread.js';

export const loadwright = {
  // ESLint's cache knows a plugin by its version: a changed rule has to look at every file again.
  meta: { name: 'loadwright', version: hashOfRules() },
  rules: {
    'comment-sentence': commentSentence,
    'no-conditional-spread': noConditionalSpread,
    'no-literal-spread': noLiteralSpread,
  },
};

function hashOfRules() {
  const hash = createHash('sha256');
  for (const name of readdirSync(import.meta.dirname).sort())
    hash.update(readFileSync(join(import.meta.dirname, name)));
  return hash.digest('hex').slice(0, 12);
}
