/** The content of a message or chunk, with all names and formats that servers use. */
import { expect, test } from '@playwright/test';
import {
  answers,
  besideContent,
  bitsOf,
  textOf,
  thinks,
  unreadable,
} from '../../../../load/clients/chat/chat-content.ts';

const none = 0;
const thought = [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }];
const both = answers | thinks;

const contents: readonly (readonly [content: unknown, bits: number, text?: string])[] = [
  ['Four.', answers, 'Four.'],
  [' ', answers, ' '],
  ['', none],
  [null, none],
  [undefined, none],
  [[], none],
  [[{ type: 'text', text: 'Four.' }], answers, 'Four.'],
  [
    [
      { type: 'output_text', text: 'Fo' },
      { type: 'text', text: 'ur.' },
    ],
    answers,
    'Four.',
  ],
  [[{ text: 'Four.' }], answers, 'Four.'],
  [['Fo', 'ur.'], answers, 'Four.'],
  [[{ type: 'text', text: '' }], none],
  [[''], none],
  [{ type: 'text', text: 'Four.' }, answers, 'Four.'],
  [thought, thinks, ''],
  [[{ type: 'thinking', thinking: 'hm' }], thinks, ''],
  [[{ type: 'reasoning', text: 'hm' }], thinks, ''],
  [[{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] }], thinks, ''],
  [[{ type: 'redacted_thinking', data: 'x' }], thinks, ''],
  [[{ type: 'thinking', thinking: '' }], none],
  [[{ type: 'thinking', thinking: [{ type: 'text', text: '' }] }], none],
  [[...thought, { type: 'text', text: 'Four.' }], both, 'Four.'],
  [[{ type: 'refusal', refusal: 'No.' }], answers, ''],
  [[{ type: 'tool_use', name: 'f' }], answers, ''],
  [[{ type: 'image_url', image_url: { url: 'data:' } }], answers, ''],
  [7, unreadable],
  [true, unreadable],
];
for (const [content, bits, text] of contents) {
  test(`content ${JSON.stringify(content)}: ${bits}`, () => {
    expect(bitsOf(content)).toBe(bits);
    if (text !== undefined) expect(textOf(content)).toBe(text);
  });
}

const call = [{ index: 0, function: { name: 'f', arguments: '' } }];
const messages: readonly (readonly [message: Readonly<Record<string, unknown>>, bits: number])[] = [
  [{}, none],
  [{ role: 'assistant', name: 'x', id: 7, refusal: null, tool_calls: null }, none],
  [{ refusal: 'No.' }, answers],
  [{ refusal: '' }, none],
  [{ tool_calls: call }, answers],
  [{ tool_calls: [] }, none],
  [{ function_call: { name: 'f', arguments: '' } }, answers],
  [{ audio: { id: 'a', transcript: 'Four.' } }, answers],
  [{ images: [{ type: 'image_url', image_url: { url: 'data:' } }] }, answers],
  [{ reasoning_content: 'hm' }, thinks],
  [{ reasoning_content: [{ type: 'text', text: 'hm' }] }, thinks],
  [{ reasoning: 'hm', reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] }, thinks],
  [{ reasoning: '', reasoning_content: null, reasoning_details: [] }, none],
  [{ thinking: 'hm' }, thinks],
  [{ thinking_blocks: [{ type: 'thinking', thinking: 'hm' }] }, thinks],
  [{ reasoning_content: 'hm', tool_calls: call }, both],
  [{ annotations: [{ type: 'url' }], logprobs: {}, provider: 'x' }, none],
];
for (const [message, bits] of messages) {
  test(`a message of ${JSON.stringify(message)}: ${bits}`, () => {
    expect(besideContent(message)).toBe(bits);
  });
}
