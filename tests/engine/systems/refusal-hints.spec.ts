import { expect, test } from '@playwright/test';
import { refusalHints } from '../../../load/systems/refusal-hints.ts';

const chat = ['model', 'messages', 'max_tokens', 'temperature', 'stream', 'stream_options'];

const marks: Readonly<Record<string, string>> = { complains: '', asks: '+', speaks: ':' };

/** The names in the hints on an answer: fields that were sent, `+` fields that were not, `:` headers. */
function namedIn(answer: unknown, sent: readonly string[] = chat): string {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
  return refusalHints('web-shop', { text, sent })
    .map((hint) => {
      const [, mark = '', name = ''] =
        /^it (complains|asks|speaks) [^"]*"([^"]+)"/.exec(hint) ?? [];
      return `${marks[mark] ?? '?'}${name}`;
    })
    .join(' ');
}

// Real messages of OpenAI, Azure, vLLM, Groq, Anthropic, Gemini, Mistral, TGI, Go and Rust services.
for (const [what, answer, names] of [
  [
    'a reasoning model',
    {
      error: {
        message:
          "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
        type: 'invalid_request_error',
        param: 'max_tokens',
        code: 'unsupported_parameter',
      },
    },
    'max_tokens',
  ],
  [
    'a value that a model does not take',
    {
      error: {
        message: "Unsupported value: 'temperature' does not support 0.7 with this model.",
        param: 'temperature',
      },
    },
    'temperature',
  ],
  [
    'a place within a field',
    { error: { message: 'Invalid type', param: 'messages[0].content' } },
    'messages',
  ],
  [
    'an older Azure',
    { error: { message: 'Unrecognized request argument supplied: stream_options', param: null } },
    'stream_options',
  ],
  [
    'FastAPI',
    {
      detail: [
        {
          type: 'extra_forbidden',
          loc: ['body', 'temperature'],
          msg: 'Extra inputs are not permitted',
        },
      ],
    },
    'temperature',
  ],
  [
    'FastAPI, of a field that was not sent',
    { detail: [{ type: 'missing', loc: ['body', 'user'], msg: 'Field required' }] },
    '+user',
  ],
  ['pydantic in a text', { message: 'max_tokens: Extra inputs are not permitted' }, 'max_tokens'],
  ['Groq', { error: { message: "property 'stream_options' is unsupported" } }, 'stream_options'],
  [
    'JSON Schema',
    { error: { message: "Additional properties are not allowed ('temperature' was unexpected)" } },
    'temperature',
  ],
  ['JSON Schema, of what lacks', { error: "'user' is a required property" }, '+user'],
  [
    'Mistral',
    { message: { detail: [{ loc: ['body', 'temperature'], msg: 'Extra inputs' }] } },
    'temperature',
  ],
  ['Anthropic, of a value', { error: { message: 'temperature: at most 1' } }, 'temperature'],
  ['Groq, of a place', { error: { message: "'messages.0' : for 'role:user' a text" } }, 'messages'],
  [
    'Ollama',
    { error: { message: 'Go struct field Chat.temperature of type float' } },
    'temperature',
  ],
  ['LiteLLM', { error: { message: "gpt-5 models don't support temperature=0.7" } }, 'temperature'],
  ['Bedrock', { message: '#: extraneous key [temperature] is not permitted' }, 'temperature'],
  ['an older pydantic', 'body -> temperature\n  extra fields not permitted', 'temperature'],
  ['Ajv', { errors: [{ instancePath: '/temperature', message: 'must be <= 1' }] }, 'temperature'],
  ['Zod', { issues: [{ path: ['temperature'], message: 'Too big' }] }, 'temperature'],
  ['ASP.NET', { title: 'Bad Request', errors: { temperature: ['too high'] } }, 'temperature'],
  ['Go', 'json: unknown field "max_tokens"', 'max_tokens'],
  [
    'Rust',
    'unknown field `max_tokens`, expected one of `inputs`, `parameters` at line 1',
    'max_tokens',
  ],
  ['Rust, of what lacks', 'missing field `inputs` at line 1 column 20', '+inputs'],
  ['plain words', { error: { message: 'Invalid parameter temperature=0.7' } }, 'temperature'],
  [
    'Portkey',
    {
      status: 'failure',
      message: 'Either x-portkey-config or x-portkey-provider header is required',
    },
    ':x-portkey-provider :x-portkey-config',
  ],
  [
    'Anthropic',
    { error: { message: 'anthropic-version: header is required' } },
    ':anthropic-version',
  ],
  ['a tenant', { error: 'Missing required header: X-Tenant' }, ':x-tenant'],
  ['a header in quotes', 'The "OpenAI-Organization" header must be set', ':openai-organization'],
  ['a header of one word in quotes', "Missing required header 'tenant'", ':tenant'],
  ['a header of one word', 'Authorization header is missing', ':authorization'],
  ['a header of one word, after it', { error: 'missing header Authorization' }, ':authorization'],
  ['an own header by its name alone', { message: 'no X-Api-Version given' }, ':x-api-version'],
  // No hint is invented.
  ['words that are no names', { error: { message: 'the model said no to these messages' } }, ''],
  ['names of its own members', { model: 'small', temperature: 1, error: 'no' }, ''],
  ['a value that it repeats', { error: "no route for model=small, try '[model]'" }, 'model'],
  ['a header that it does not name', 'a required header is missing', ''],
  ['HTML', '<html><head><title>400</title></head></html>', ''],
  ['nothing', '', ''],
] as const) {
  test(`${what}: ${names === '' ? 'no hint' : names}`, () => {
    expect(namedIn(answer)).toBe(names);
  });
}

test('a hint names the setting, and how it would say it', () => {
  const answer = { error: { message: 'x', param: 'max_tokens' } };
  expect(refusalHints('api-gateway', { text: JSON.stringify(answer), sent: chat })).toEqual([
    'it complains of the field "max_tokens": API_GATEWAY_BODY changes it, such as ' +
      `API_GATEWAY_BODY='{"max_tokens":null}' to leave it out`,
  ]);
  expect(refusalHints('web-shop', { text: 'missing header x-tenant', sent: [] })).toEqual([
    `it speaks of the header "x-tenant": WEB_SHOP_HEADERS='{"x-tenant":"…"}' sets it`,
  ]);
});

test('of many names the first few are told', () => {
  const many = Array.from({ length: 50 }, (_, i) => `x-h${i}`).join(', ');
  expect(namedIn(`headers ${many}`).split(' ')).toHaveLength(3);
});
