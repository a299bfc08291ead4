import { expect, test } from '@playwright/test';
import { isVerdict, toolAnswerOf } from '../../../../load/clients/mcp/tool-result.ts';

function answered(result: Readonly<Record<string, unknown>>) {
  const answer = toolAnswerOf({ kind: 'result', result });
  if (isVerdict(answer)) throw new Error(`${answer.outcome} ${answer.kind}`);
  return answer;
}

const text = { type: 'text', text: 'said' };
const pixel = Buffer.alloc(301, 1).toString('base64');

test('the text is that of the items and of the resources in them', () => {
  const content = [
    text,
    { type: 'image', data: pixel, mimeType: 'image/png' },
    { type: 'resource', resource: { uri: 'file:///a', text: ' and read' } },
    { type: 'resource_link', uri: 'file:///b', name: 'b' },
  ];
  const answer = answered({ content, structuredContent: { a: 1 } });
  expect(answer).toMatchObject({ kind: 'success', text: 'said and read', structured: { a: 1 } });
  expect(answer.content).toEqual(content);
});

test('images, sounds and files are told by their size', () => {
  const content = [
    // Some servers write out what a block has not.
    { type: 'image', data: pixel, text: null },
    { type: 'audio', data: pixel },
    { type: 'resource', resource: { uri: 'file:///a', blob: pixel } },
  ];
  expect(answered({ content })).toMatchObject({ text: '', binaryBytes: 903 });
  expect(answered({ content: [text] })).not.toHaveProperty('binaryBytes');
});

test('structured content speaks where no text does', () => {
  expect(answered({ structuredContent: { a: [1] } }).text).toBe('{"a":[1]}');
  expect(answered({ content: [text], structuredContent: { a: 1 } }).text).toBe('said');
  expect(answered({ content: [] })).not.toHaveProperty('structured');
});

test('an error of a tool keeps the tool’s words, whatever they came in', () => {
  const content = [{ type: 'resource', resource: { uri: 'file:///log', text: 'no such table' } }];
  expect(answered({ content, isError: true })).toMatchObject({
    kind: 'toolError',
    text: 'no such table',
  });
});
