import { expect, test } from '@playwright/test';
import { base64Lead, base64Of, layers, packings, spellingsOf } from './spelt-secrets.ts';
import {
  rawCharacters,
  rawText,
  redactDetail,
  redactText,
  redactUrl,
  secretsOf,
} from '../../../load/clients/redaction.ts';
import { check, checkEqual } from '../../many-checks.ts';

/** With every character that some encoding treats by itself. */
const secret = 'Qz7/+& <9>"x\'=éß-_~%Tail';

for (const [how, text] of Object.entries(spellingsOf(secret))) {
  test(`a secret goes in this spelling: ${how}`, () => {
    const secrets = secretsOf(secret);
    expect(redactDetail(`before ${text} after`, secrets)).toBe('before *** after');
  });
}

const secretWord = 'a&b<c>"d/e+f g';
/** With almost only escapes, with few, and with multi-byte letters. */
const layered = [secret, secretWord, 'sk-Ab12/Cd34+Ef56==', 'päss wörd ♥ 😀 %41&#38;'];

test('a secret that looks like an escape itself goes in each spelling, decoded or not', () => {
  // JavaScript has no `\x` for what is beyond Latin-1.
  const narrow = layered.filter((value) => /^[\0-\xff]*$/.test(value));
  for (const value of [...narrow, '=-_~%basic4Secret', 'a\\u0041b&amp;c', 's%3Aab/c%2Fd+e']) {
    for (const [how, text] of Object.entries(spellingsOf(value))) {
      expect(redactDetail(`before ${text} after`, [value]), `${how}: ${text}`).toBe(
        'before *** after',
      );
    }
  }
});

for (const [outer, over] of Object.entries(layers)) {
  test(`a secret goes from under two layers, and from under three, the last of which is ${outer}`, () => {
    for (const value of layered) {
      for (const [inner, under] of Object.entries(layers)) {
        const text = over(under(value));
        const told = redactDetail(`a ${text} z`, [value]);
        checkEqual(told, 'a *** z', `${inner}, ${outer}: ${text}`);
        for (const [first, innermost] of Object.entries(value === secret ? layers : {})) {
          const clean = redactText(`a ${over(under(innermost(value)))} z`, [value]);
          checkEqual(clean, 'a *** z', `${first}, ${inner}, ${outer}`);
        }
      }
    }
  });
}

for (const [how, packed] of Object.entries(packings)) {
  test(`a secret goes from ${how}, under or over any layer, wherever in the bytes it begins`, () => {
    for (const value of layered) {
      if (how.includes('UTF-16') && /[^\0-\xff]/.test(value)) continue;
      for (const lead of base64Lead) {
        const text = packed(`${lead}${value}, and on`);
        const goes = (spelt: string, about: string): void => {
          checkEqual(redactText(`a ${spelt} z`, [value]), 'a *** z', about);
        };
        goes(text, text);
        for (const [layer, over] of Object.entries(layers)) {
          goes(over(text), `${how}, ${layer}`);
          goes(packed(`${lead}${over(value)}, and on`), `${layer}, ${how}`);
        }
        for (const [other, over] of Object.entries(packings)) {
          goes(over(text), `${how}, ${other}`);
        }
      }
    }
  });
}

test('what only looks like an escape hides no secret beside it, and is left as it is', () => {
  const value = '41abcdef-planted';
  for (const before of ['100%', '\\', '\\u00', '\\x', '&#', '&#x', '&', '\\u{', '%C3', '\\2']) {
    const clean = redactText(`${before}${value} ${before}`, [value]);
    // A backslash in front of it is removed as well.
    expect([`${before}*** ${before}`, `*** ${before}`]).toContain(clean);
  }
  const innocent =
    'C:\\new\\text 100% of &nothing; \\u12 %zz &#xzz; %e9 \\x {"a":[1,2,3,4,5,6,7,8]}';
  expect(redactText(innocent, [value])).toBe(innocent);
});

test('fields that are secret by their name are found under escapes, too', () => {
  const body = JSON.stringify({ a: 1, password: 'hunter&2"xylo' });
  for (const over of Object.values(layers)) {
    expect(redactText(over(body), [])).not.toMatch(/hunter|xylo/);
  }
});

/** A text of this size is never shown; it stands for many smaller ones. */
test('the time for a text of 1 MB grows with its length and no faster, whatever is in it', () => {
  const secrets = [secret, secretWord, 'k'.repeat(2000)];
  for (const part of [
    '%25',
    '%2525252541',
    '&amp;',
    '%26amp%3B',
    '&#',
    '&#x26',
    '\\',
    '\\u005c',
    '\\u{',
    '"token":"',
    '\\"token',
    'a-',
    'token ',
    '?',
    ' ',
    'QUFB',
    '//',
    '41 ',
    '65, ',
    'Qz7/',
    'kkkk',
    'é',
  ]) {
    const timeOf = (characters: number): number => {
      const text = part.repeat(Math.ceil(characters / part.length));
      // Only this process's own CPU time counts, since a busy machine may run others.
      const before = process.cpuUsage();
      redactText(text, secrets);
      redactUrl(text, secrets);
      return process.cpuUsage(before).user / 1000;
    };
    timeOf(10_000);
    const [small, large] = [timeOf(125_000), timeOf(1_000_000)];
    // Eight times as much; quadratic time would be sixty-four times.
    expect(large, part).toBeLessThan(24 * small + 200);
  }
});

for (const before of base64Lead) {
  test(`a secret goes from base64 behind ${before.length} characters`, () => {
    const secrets = secretsOf(secret);
    for (const text of base64Of(before, secret)) {
      const clean = redactDetail(`got ${text}.`, secrets);
      expect(clean).toContain('***');
      // The rest contains no byte of it, except in groups shared with the surrounding text.
      const rest = clean.slice(4, -1).split('***').join('').replaceAll('%3D', '=');
      expect(rest.length).toBeLessThanOrEqual(Math.ceil((before.length * 4) / 3) + 6);
    }
  });
}

const carried: Readonly<Record<string, [Parameters<typeof secretsOf>[1], string]>> = {
  'a bearer token': [{ headers: ['authorization', 'Bearer sesame-1234'] }, 'sesame-1234'],
  'the password of Basic': [
    { headers: ['Authorization', `Basic ${Buffer.from('ada:sesame-1234').toString('base64')}`] },
    'sesame-1234',
  ],
  'a cookie': [{ headers: ['cookie', 'theme=dark; sid=sesame-1234'] }, 'sesame-1234'],
  'an X- header': [{ headers: ['x-amz-security-token', 'sesame-1234'] }, 'sesame-1234'],
  'an X- header with credentials': [{ headers: ['x-my-credential', 'sesame-1234'] }, 'sesame-1234'],
  'a header of a proxy': [
    { headers: ['Proxy-Authorization', 'Bearer sesame-1234'] },
    'sesame-1234',
  ],
  'an assertion': [{ headers: ['x-goog-iap-jwt-assertion', 'sesame-1234'] }, 'sesame-1234'],
  'a query': [{ path: '/a?api_key=sesame-1234&b=2' }, 'sesame-1234'],
  'an encoded query': [{ path: '/a?access_token=sesame%2D1234' }, 'sesame-1234'],
  'a form': [{ body: 'user=ada&password=sesame-1234' }, 'sesame-1234'],
  'a JSON body': [{ body: '{"auth":{"client_secret":"sesame-1234"}}' }, 'sesame-1234'],
  'JSON in bytes': [{ body: Buffer.from('{"list":[{"passwd":"sesame-1234"}]}') }, 'sesame-1234'],
};

for (const [what, [carrier, value]] of Object.entries(carried)) {
  test(`what a request carries as ${what} is a secret of its answer`, () => {
    const secrets = secretsOf(undefined, carrier);
    expect(redactDetail(`who is ${value}?`, secrets)).toBe('who is ***?');
    expect(redactDetail('who is ada, by Bearer or Basic, on dark?', secrets)).toContain(
      'ada, by Bearer',
    );
  });
}

const named: readonly [string, string][] = [
  ['{"api_key":"abc123","b":1}', '{"api_key":"***","b":1}'],
  ['{"x-api-key": "a\\"bc"}', '{"x-api-key": "***"}'],
  ['{"password":"cut off he', '{"password":"***"'],
  ["{'client_secret': 'abc'}", "{'client_secret': '***'}"],
  ['"{\\"token\\":\\"abc\\",\\"a\\":1}"', '"{\\"token\\":\\"***\\",\\"a\\":1}"'],
  ['{&quot;session_id&quot;:&quot;abc&quot;}', '{&quot;session_id&quot;:&quot;***&quot;}'],
  ['POST token=abc&user=ada', 'POST token=***&user=ada'],
  ['/x?sig=abc&a=1', '/x?sig=***&a=1'],
  ['Authorization: Bearer abc def', 'Authorization: *** def'],
  ['x-api-key: abc', 'x-api-key: ***'],
  ['<Password>abc</Password>', '<Password>***</Password>'],
  ['<s:token id="1">abc', '<s:token id="1">***'],
  ['<keyword>abc</keyword>', '<keyword>abc</keyword>'],
  [
    'no postgres://app:abc@db:5432/a, nor redis://:x@c',
    'no postgres://***@db:5432/a, nor redis://***@c',
  ],
  ['at http://127.0.0.1:80/a@b', 'at http://127.0.0.1:80/a@b'],
  ['{"passphrase":"abc def"}', '{"passphrase":"***"}'],
  ['{"max_tokens":12,"key":"page"}', '{"max_tokens":12,"key":"page"}'],
  ['tokens: 12, key: page', 'tokens: 12, key: page'],
];

for (const [text, clean] of named) {
  test(`by its name, whatever its value: ${text}`, () => {
    expect(redactDetail(text, [])).toBe(clean);
  });
}

test('a secret across the cut leaves no front part of it, in any spelling', () => {
  const secrets = secretsOf('Qz7planted4Secret/9Xw2');
  for (const text of [
    'Qz7planted4Secret/9Xw2',
    'Qz7planted4Secret%2f9Xw2',
    '%51%7a7planted4Secret%2F',
  ]) {
    for (let shown = 1; shown < text.length; shown++) {
      // Well within the kept length, so that any rest of it would be visible.
      const filler = `${'Qz7planted4Secret/9Xw2'.repeat(30)}é`;
      const raw = rawText(`${filler.padEnd(rawCharacters - shown, '.')}${text}`);
      check(!/Qz|%51|plant|%$/.test(redactDetail(raw, secrets)), `${text}, ${shown} of it`);
    }
  }
});

test('bytes are cut by characters, so that a cut is seen behind letters of several bytes', () => {
  const raw = rawText(Buffer.from(`${'é'.repeat(rawCharacters - 4)}Qz7planted`));
  expect(raw).toHaveLength(rawCharacters);
  expect(raw.endsWith('Qz7p')).toBe(true);
});

test('control characters never reach a terminal', () => {
  const text = 'a\u001b[31mred\u001b]0;title\u0007\u009b2J\u007f\tb\nc';
  expect(redactDetail(text, [])).toBe('a\ufffd[31mred\ufffd]0;title\ufffd\ufffd2J\ufffd\tb\nc');
});

test('an address keeps no credentials and no telling parameter', () => {
  expect(redactUrl('http://ada:pw@host/a?key=1&page=2&session=3', [])).toBe(
    'http://***@host/a?key=***&page=2&session=***',
  );
});

test('nothing is left of a long secret, in any spelling, and what is kept of it is bounded', () => {
  const token = Array.from({ length: 500 }, (_, i) => `${i}/ü`).join('-');
  const packed = Buffer.from(token);
  for (const spelt of [
    token,
    encodeURIComponent(token),
    packed.toString('base64'),
    packed.toString('hex'),
  ]) {
    expect(redactText(`before ${spelt} after`, [token])).toBe('before *** after');
    // A detail is cut within it, wherever it begins.
    expect(redactDetail(rawText(`before ${spelt}`), [token])).toBe('before ***');
  }
  // Its beginning is enough to find it.
  const huge = 'k'.repeat(1_000_000);
  expect(redactText(`before ${huge.slice(0, 400)} after`, [huge])).toBe('before *** after');
});
