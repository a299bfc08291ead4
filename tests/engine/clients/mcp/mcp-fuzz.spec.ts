/**
 * Damaged replies: none throws, none is taken for an answer that was not sent, and a whole answer is
 * found, with every earlier request of the server replied to.
 */
import { test } from '@playwright/test';
import { LineReader } from '../../../../load/clients/mcp/line-reader.ts';
import {
  answerOf,
  isAnswerTo,
  messagesIn,
  replyTo,
  type RpcAnswer,
} from '../../../../load/clients/mcp/message.ts';
import { McpReply } from '../../../../load/clients/mcp/reply.ts';
import { isVerdict, toolAnswerOf } from '../../../../load/clients/mcp/tool-result.ts';
import type { Answer } from '../../../../load/clients/http/http.ts';
import { randomReply, requestId, type RandomReply } from './random-reply.ts';
import { check, checkEqual } from '../../../many-checks.ts';
import { seedBlocks } from '../../seed-blocks.ts';

const seeds = { quick: 400, long: 5000, all: 20_000, perTest: 200 };

for (const { first, last, tag } of seedBlocks(seeds)) {
  test(`random replies ${first} to ${last}`, { tag }, () => {
    for (let seed = first; seed <= last; seed++) checkReply(seed);
  });
}

function checkReply(seed: number): void {
  const reply = randomReply(seed);
  const about = `seed ${seed}, ${reply.what}`;
  const { answer, asked } = read(reply);
  const told = toolAnswerOf(answer);
  const text = isVerdict(told) || told.kind !== 'success' ? undefined : told.text;
  if (reply.isCertain) checkEqual(text, reply.said, about);
  const isImpossible = reply.isImpossible && answer.kind === 'result';
  check(!isImpossible || text !== 'not ours', `${about}: not ours`);
  // A broken answer may have lost a part of its text, and is never another one's.
  check(text?.includes('not ours') !== true, `${about}: ${text}`);
  check(asked >= reply.questions, `${about}: asked ${asked} of ${reply.questions}`);
  readLines(reply);
}

function read({ writes, contentType }: RandomReply): { answer: RpcAnswer; asked: number } {
  let asked = 0;
  const reply = new McpReply(requestId, {
    onQuestion: (said) => {
      asked += 1;
      check('id' in said, `a question without an id: ${JSON.stringify(said)}`);
    },
    onResume: () => undefined,
  });
  const head = { header: () => contentType };
  // Bytes after the answer are not read.
  for (const bytes of writes) if (reply.isWhole(bytes, head)) break;
  const answer = { status: 200, bytes: Buffer.concat([...writes]), header: () => contentType };
  return { answer: reply.read(answer as unknown as Answer), asked };
}

/** The same bytes as lines, as from a stdio server: nothing throws. */
function readLines({ writes }: RandomReply): void {
  const lines = new LineReader(2 ** 20, (line) => {
    for (const value of messagesIn(line ?? '') ?? []) {
      if (isAnswerTo(value, requestId)) answerOf(value);
      replyTo(value);
    }
  });
  for (const bytes of writes) lines.add(bytes);
}
