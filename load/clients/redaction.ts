/**
 * Takes secrets out of texts that are kept: the target's key, and what a request's own headers carry. A
 * server may echo any of them in an error.
 */

/** How much of a detail is kept. */
const keptCharacters = 200;
/** Details are handed in longer than kept, so that a secret across the cut is seen whole. */
export const rawCharacters = 4 * keptCharacters;

const secretName = /auth|key|token|secret|cookie|session|password|signature/i;
// A short key ("test") is a word of its own: taking it out would garble every message.
const shortestSecret = 6;

/** The secrets of a request, in every spelling in which a server may give them back. */
export function secretsOf(key: string | undefined, headers: readonly string[]): readonly string[] {
  const plain = key === undefined ? [] : [key];
  for (let i = 0; i + 1 < headers.length; i += 2) {
    if (secretName.test(headers[i]!)) plain.push(...partsOf(headers[i + 1]!));
  }
  const long = plain.filter((secret) => secret.length >= shortestSecret);
  const spellings = long.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams([['', secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
  ]);
  // The longest first: one may hold another.
  return [...new Set(spellings)].sort((a, b) => b.length - a.length);
}

/** A detail without secrets, cut to what is kept. */
export function redactDetail(text: string, secrets: readonly string[]): string {
  const clean = withoutSecrets(text, secrets);
  // The end of a cut text may be the front part of a secret.
  const unsafe = text.length >= rawCharacters ? (secrets[0]?.length ?? 0) : 0;
  return clean.slice(0, Math.max(0, clean.length - unsafe)).slice(0, keptCharacters);
}

/** An address without secrets, without credentials, and without the values of telling parameters. */
export function redactUrl(url: string, secrets: readonly string[]): string {
  return withoutSecrets(url, secrets)
    .replace(/\/\/[^/?#@]*@/, '//***@')
    .replace(/([?&])([^=&#]*)=([^&#\s]*)/g, (whole: string, before: string, name: string) =>
      secretName.test(name) ? `${before}${name}=***` : whole,
    );
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), text);
}

/** `Bearer abc` → both; `id=abc; b=2` → each value. */
function partsOf(value: string): string[] {
  const words = value.split(/[\s;,]+/);
  return [value, ...words, ...words.map((word) => word.slice(word.indexOf('=') + 1))];
}
