/** Which JSON is a chat completion with an answer in it. */
import { expect, test } from '@playwright/test';
import { chatReply, modelList } from '../../../../load/clients/chat/chat-reply.ts';

const reply = (message: object, finish_reason: string | null = 'stop', more: object = {}) => ({
  choices: [{ index: 0, message: { role: 'assistant', ...message }, finish_reason }],
  ...more,
});
const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } };

const good: Readonly<Record<string, unknown>> = {
  'an answer': reply({ content: 'Four.' }),
  'an answer with usage': reply({ content: 'Four.' }, 'stop', {
    usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
  }),
  'a usage that counts nothing': reply({ content: 'Four.' }, 'stop', { usage: {} }),
  'a usage of null': reply({ content: 'Four.' }, 'stop', { usage: null }),
  'a tool call': reply({ content: null, tool_calls: [call] }, 'tool_calls'),
  'a refusal': reply({ content: null, refusal: 'No.' }),
  'parts of content': reply({ content: [{ type: 'text', text: 'Four.' }] }),
  'reasoning up to the limit': reply({ content: '', reasoning_content: 'hm' }, 'length'),
};
for (const [what, body] of Object.entries(good)) {
  test(`${what} is a reply`, () => {
    expect(chatReply.safeParse(body).error?.issues).toBeUndefined();
  });
}

const bad: Readonly<Record<string, unknown>> = {
  'an empty answer': reply({ content: '' }),
  'no content': reply({ content: null }),
  'an empty list of calls': reply({ content: null, tool_calls: [] }, 'tool_calls'),
  'reasoning and no answer': reply({ content: '', reasoning_content: 'hm' }),
  'an empty answer at the limit': reply({ content: '' }, 'length'),
  'no choice': { choices: [] },
  'no message': { choices: [{ finish_reason: 'stop' }] },
  'an error': { error: { message: 'no memory' } },
};
for (const [what, body] of Object.entries(bad)) {
  test(`${what} is none`, () => {
    expect(chatReply.safeParse(body).success).toBe(false);
  });
}

test('a list of models has at least one', () => {
  expect(modelList.safeParse({ object: 'list', data: [{ id: 'a' }] }).success).toBe(true);
  for (const data of [[], [{}], [{ id: '' }], undefined]) {
    expect(modelList.safeParse({ data }).success).toBe(false);
  }
});
