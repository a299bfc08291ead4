/** Drafts of malicious recordings: their content stays text, and no secret leaks. */
import { expect, test } from '@playwright/test';
import ts from 'typescript';
import { draftText } from '../../../load/drafts/draft.ts';
import { harDraft } from '../../../load/drafts/har.ts';
import { defined } from '../../../load/platform/defined.ts';

interface Asked {
  readonly method?: string;
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly type?: string;
  readonly body?: string;
  readonly answer?: unknown;
  readonly status?: number;
  readonly answerHeaders?: Readonly<Record<string, string>>;
  readonly atMs?: number;
}

const pairs = (headers: Readonly<Record<string, string>> = {}): object[] =>
  Object.entries(headers).map(([name, value]) => ({ name, value }));

function har(entries: readonly Asked[]): string {
  return JSON.stringify({
    log: {
      entries: entries.map((one, i) => ({
        startedDateTime: new Date(1e12 + (one.atMs ?? i * 10)).toISOString(),
        time: 5,
        request: {
          method: one.method ?? (one.body === undefined ? 'GET' : 'POST'),
          url: one.url,
          headers: pairs(one.headers),
          ...defined({
            postData:
              one.body === undefined
                ? undefined
                : { mimeType: one.type ?? 'application/json', text: one.body },
          }),
        },
        response: {
          status: one.status ?? 200,
          headers: pairs(one.answerHeaders),
          content: {
            mimeType: typeof one.answer === 'string' ? 'text/html' : 'application/json',
            text: typeof one.answer === 'string' ? one.answer : JSON.stringify(one.answer ?? {}),
          },
        },
      })),
    },
  });
}

function drafted(entries: readonly Asked[]): { code: string; variables: readonly string[] } {
  const { draft, variables, refuseSecretsIn } = harDraft(har(entries), { system: 'shop' });
  const code = draftText(draft);
  refuseSecretsIn(code);
  return { code, variables };
}

/** All names that the code calls or reads, its literals, and the beginnings of its templates. */
function partsOf(code: string): { identifiers: Set<string>; texts: string[]; heads: string[] } {
  const file = ts.createSourceFile('draft.ts', code, ts.ScriptTarget.ES2023, true);
  const wrong = (file as unknown as { parseDiagnostics: readonly ts.Diagnostic[] })
    .parseDiagnostics;
  expect(wrong.map(({ messageText }) => messageText)).toEqual([]);
  const identifiers = new Set<string>();
  const texts: string[] = [];
  const heads: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) identifiers.add(node.text);
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    if (ts.isTemplateHead(node)) heads.push(node.text);
    ts.forEachChild(node, look);
  };
  look(file);
  return { identifiers, texts, heads };
}

const hostile = [
  `'); pwned(); ('`,
  '`${pwned()}`',
  '*/ pwned() /*',
  'a\nb\r\u2028pwned()\u2029',
  '\\',
  "\\'); pwned(); //",
  '</script>${pwned()}',
  '\u202epwned()',
];

const mark = 'a-secret-in-the-middle';

for (const text of hostile) {
  test(`${JSON.stringify(text)} stays a text wherever it stands`, () => {
    const { code } = drafted([
      {
        url: `http://localhost/${encodeURIComponent(text)}?q=${encodeURIComponent(text)}`,
        headers: { 'x-note': text, 'x-tenant': 'a' },
        body: JSON.stringify({ [text]: text, list: [text], pwd: mark, mixed: text + mark + text }),
        answer: { [text]: { id: text }, list: [{ [text]: 1 }] },
      },
      {
        url: 'http://localhost/form',
        type: 'application/x-www-form-urlencoded',
        body: `a=${encodeURIComponent(text)}`,
      },
      { url: 'http://localhost/text', type: `text/plain; ${text}`, body: text },
    ]);
    const { identifiers, texts, heads } = partsOf(code);
    expect([...identifiers]).not.toContain('pwned');
    expect(texts).toContain(text);
    expect(heads).toContain(text);
  });
}

const secret = 'S3cr3t-"of\'all\\days${x}';
const token = 'eyJhbGciOi.one-token-of-all';

test('no secret of a recording is in its draft, wherever it was', () => {
  const { code, variables } = drafted([
    {
      url: `http://localhost/login?api_key=${encodeURIComponent(secret)}`,
      headers: {
        authorization: `Basic ${Buffer.from(`ann:${secret}`).toString('base64')}`,
        cookie: `sid=${token}`,
      },
      body: JSON.stringify({ user: 'ann', password: secret, again: `so ${secret}, ${token}` }),
      answer: { token: 'another-token-of-all' },
      answerHeaders: { 'set-cookie': 'sid=a-cookie-of-all; Path=/' },
    },
    {
      url: `http://localhost/users/${encodeURIComponent(token)}`,
      headers: { 'x-api-key': secret, authorization: `Bearer ${token}` },
      answer: { [token]: 1, [secret]: 2 },
    },
    {
      url: 'http://localhost/form',
      type: 'application/x-www-form-urlencoded',
      body: `pwd=${encodeURIComponent(secret)}&sid=a-cookie-of-all`,
    },
    {
      url: 'http://localhost/file',
      type: 'multipart/form-data; boundary=b',
      body: `--b\r\nContent-Disposition: form-data; name="note"\r\n\r\n${secret}\r\n--b--\r\n`,
    },
  ]);
  partsOf(code);
  for (const value of [secret, token, 'a-cookie-of-all', 'another-token-of-all', 'S3cr3t']) {
    expect(code).not.toContain(value);
  }
  expect(code).not.toContain(Buffer.from(`ann:${secret}`).toString('base64'));
  expect(variables.length).toBeGreaterThan(1);
  for (const variable of variables) expect(code).toContain(`secret('${variable}')`);
});

test('a value that comes back is read of the answer, whatever it is called there', () => {
  const { code } = drafted([
    { url: 'http://localhost/shops', answer: { shops: [{ id: 7, name: 'Tea and more' }] } },
    { url: 'http://localhost/shops/7', answer: { 'the cart': { ref: 'cart-000-001' } } },
    {
      url: 'http://localhost/carts/cart-000-001/items',
      body: JSON.stringify({ shopId: 7, amount: 7, cart: 'cart-000-001', name: 'Tea and more' }),
      answer: { token: 'token-1' },
      answerHeaders: { location: '/orders/4711' },
      status: 303,
    },
    { url: 'http://localhost/orders/4711', headers: { authorization: 'Bearer token-1' } },
  ]);
  partsOf(code);
  expect(code).toContain('http.get(`/shops/${encodeURIComponent(getShops.body.shops[0]!.id)}`');
  expect(code).toContain("/carts/${encodeURIComponent(getShopsId.body['the cart'].ref)}/items");
  expect(code).toContain('shopId: getShops.body.shops[0]!.id');
  expect(code).toContain('amount: 7');
  expect(code).toContain('name: getShops.body.shops[0]!.name');
  expect(code).toContain('pathTo(postCartsIdItems, target.url)');
  expect(code).toContain('authorization: `Bearer ${postCartsIdItems.body.token}`');
  expect(code).toContain("name: 'POST /carts/{id}/items'");
  expect(code).toContain('status: 303');
});

test('what the user had said is no value of the answer that echoes it, and a pause is kept', () => {
  const { code } = drafted([
    { url: 'http://localhost/search?q=darjeeling%20tea', answer: { q: 'darjeeling tea' } },
    { url: 'http://localhost/search?q=darjeeling%20tea', atMs: 4215 },
  ]);
  expect(code).not.toContain('.body.');
  expect(code).toContain("await wait('4.2s');");
});

const wrong: readonly [what: string, text: string, message: RegExp][] = [
  ['no JSON', '<html>', /^no JSON: /],
  ['no HAR', '{"log":{}}', /^no HAR: log\.entries/],
  ['nothing to a host', har([{ url: 'data:,x' }]), /^no request in it to any host/],
  [
    'only pictures',
    har([{ url: 'http://localhost/a.png' }]),
    /hosts of the recording: http:\/\/localhost/,
  ],
  [
    'too much',
    har(Array.from({ length: 301 }, () => ({ url: 'http://localhost/a' }))),
    /^301 requests; accepted are at most 300/,
  ],
];

for (const [what, text, message] of wrong) {
  test(`${what} is refused in words`, () => {
    expect(() => harDraft(text, { system: 'shop' })).toThrow(message);
  });
}

test('a secret that is a word of the file is refused, and not written', () => {
  const { draft, refuseSecretsIn } = harDraft(
    har([{ url: 'http://localhost/login', body: '{"password":"thinkTime"}' }]),
    { system: 'shop' },
  );
  expect(() => {
    refuseSecretsIn(draftText(draft));
  }).toThrow(/the value of SHOP_PASSWORD also occurs elsewhere/);
});
