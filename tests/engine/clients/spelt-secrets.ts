/** A secret in the encodings that layers between a server and a report may use. */

/** Each contains the whole secret, so `***` remains in its place. */
export function spellingsOf(secret: string): Readonly<Record<string, string>> {
  const bytes = Buffer.from(secret);
  const percent = encodeURIComponent(secret);
  const hex = bytes.toString('hex');
  const everyByte = hex.replaceAll(/../g, '%$&');
  const form = new URLSearchParams([['', secret]]).toString().slice(1);
  const json = inJson(secret);
  const units = Array.from({ length: secret.length }, (_, i) => secret.charCodeAt(i));
  const hexUnits = units.map((unit) => unit.toString(16).padStart(4, '0'));
  const ascii = hexUnits.map((unit) => `\\u${unit}`).join('');
  const html = secret
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
  const numbered = (of: (code: number) => string): string =>
    Array.from(secret, (one) => of(one.codePointAt(0)!)).join('');
  const asciiAlone = (of: RegExp): string =>
    secret.replaceAll(of, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return {
    plain: secret,
    'percent, as encodeURIComponent': percent,
    'percent, as encodeURI': encodeURI(secret),
    'percent, lower case': percent.replaceAll(/%../g, (one) => one.toLowerCase()),
    'percent, twice': encodeURIComponent(percent),
    'percent, three times': encodeURIComponent(encodeURIComponent(percent)),
    'percent, every byte': everyByte,
    'percent, every byte, upper case': everyByte.toUpperCase(),
    'percent, every other byte': Array.from(secret, (one, i) =>
      i % 2 === 0
        ? encodeURIComponent(one)
        : Buffer.from(one).toString('hex').replaceAll(/../g, '%$&'),
    ).join(''),
    'a form': form,
    'a form in a query': encodeURIComponent(form),
    'a form in JSON': inJson(form),
    JSON: json,
    'JSON in JSON': inJson(json),
    'JSON in JSON in JSON': inJson(inJson(json)),
    'JSON with slashes escaped': json.replaceAll('/', '\\/'),
    'JSON with slashes escaped, in JSON': inJson(json.replaceAll('/', '\\/')),
    'JSON, all escaped': ascii,
    'JSON, all escaped, upper case': ascii.toUpperCase().replaceAll('\\U', '\\u'),
    'JSON of ASCII alone': asciiAlone(/[^ -~]|["\\&<>]/g),
    'JSON for a page': asciiAlone(/["\\&<>'=+]/g),
    'JSON, all escaped, in JSON': ascii.replaceAll('\\', '\\\\'),
    JavaScript: numbered((code) => `\\x${code.toString(16).padStart(2, '0')}`),
    'JavaScript, upper case': numbered(
      (code) => `\\x${code.toString(16).padStart(2, '0').toUpperCase()}`,
    ),
    'quoted for a shell': numbered((code) => `\\${String.fromCodePoint(code)}`),
    HTML: html,
    'HTML, twice': html.replaceAll('&', '&amp;'),
    'HTML, apostrophes too': html.replaceAll("'", '&#39;'),
    'HTML, apostrophes in hexadecimal': html.replaceAll("'", '&#x27;'),
    'HTML, apostrophes by name': html.replaceAll("'", '&apos;'),
    'HTML in numbers': numbered((code) => `&#${code};`),
    'HTML in numbers, twice': numbered((code) => `&amp;#${code};`),
    'HTML in hexadecimal numbers': numbered((code) => `&#x${code.toString(16)};`),
    'HTML in hexadecimal numbers, upper case': numbered(
      (code) => `&#X${code.toString(16).toUpperCase()};`,
    ),
    'HTML in padded numbers': numbered((code) => `&#000${code};`),
    'HTML in JSON': inJson(html),
    'HTML of a form': form.replaceAll('&', '&amp;'),
    hexadecimal: hex,
    'hexadecimal, upper case': hex.toUpperCase(),
  };
}

/** How a layer on the way encodes a text, which may itself be the result of another layer. */
export const layers: Readonly<Record<string, (text: string) => string>> = {
  percent: encodeURIComponent,
  'percent, lower case': (text) =>
    encodeURIComponent(text).replaceAll(/%../g, (one) => one.toLowerCase()),
  'percent, every byte': (text) => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&'),
  'a form': (text) => new URLSearchParams([['', text]]).toString().slice(1),
  JSON: inJson,
  'JSON for a page': (text) => inJson(text).replaceAll(/[/&<>']/g, unitOf),
  'JSON of ASCII alone': (text) => inJson(text).replaceAll(/[^ -~]/g, unitOf),
  HTML: inHtml,
  'HTML, all in numbers': (text) => numbered(text, (point) => `&#${point};`),
  'HTML, all in hexadecimal numbers': (text) =>
    numbered(text, (point) => `&#x${point.toString(16)};`),
  'HTML, punctuation by name': (text) =>
    inHtml(text).replaceAll('/', '&sol;').replaceAll('+', '&plus;').replaceAll('=', '&equals;'),
  'braces of JavaScript': (text) => numbered(text, (point) => `\\u{${point.toString(16)}}`),
  'octal bytes': (text) =>
    Array.from(Buffer.from(text), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''),
  'hexadecimal bytes': (text) => Buffer.from(text).toString('hex').replaceAll(/../g, '\\x$&'),
};

/** Encodings of a text's bytes into one word. */
export const packings: Readonly<Record<string, (text: string) => string>> = {
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 for addresses': (text) => Buffer.from(text).toString('base64url'),
  'base64 of UTF-16': (text) => Buffer.from(text, 'utf16le').toString('base64'),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
  'hexadecimal with colons': (text) =>
    Buffer.from(text)
      .toString('hex')
      .toUpperCase()
      .replaceAll(/..(?!$)/g, '$&:'),
  'a list of bytes': (text) => Buffer.from(text).join(','),
};

/** Texts in front of a secret, so that it begins at each position within the encoded bytes. */
export const base64Lead = ['', 'a', 'ab', 'abc', 'user:', 'ada@example.org:'];

/** In base64 after `lead`: with line breaks for mails, in the alphabet for URLs, and as a part of either. */
export function base64Of(lead: string, secret: string): string[] {
  const base64 = Buffer.from(lead + secret).toString('base64');
  const forAddresses = base64.replaceAll('+', '-').replaceAll('/', '_');
  return [base64, forAddresses, encodeURIComponent(base64), base64.replaceAll('/', '\\/')];
}

/** The part of a base64 text that reveals the secret. It may be surrounded by other text. */
export function base64Core(lead: string, secret: string): string {
  const first = Math.ceil((8 * Buffer.byteLength(lead)) / 6);
  const bits = 8 * Buffer.byteLength(lead + secret);
  return Buffer.from(lead + secret)
    .toString('base64')
    .slice(first, Math.floor(bits / 6));
}

function unitOf(one: string): string {
  return `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function numbered(text: string, of: (point: number) => string): string {
  return Array.from(text, (one) => of(one.codePointAt(0)!)).join('');
}

function inHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
