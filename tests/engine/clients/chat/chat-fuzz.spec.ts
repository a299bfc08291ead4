/**
 * Damaged streams: none throws or blocks, no damaged one is ok, and undamaged parts are reported as they
 * were sent.
 */
import { test } from '@playwright/test';
import { ChatStream, type ChatStreamFigures } from '../../../../load/clients/chat/chat-stream.ts';
import { judgeChatStream } from '../../../../load/clients/chat/judge-chat-stream.ts';
import { EventStream } from '../../../../load/clients/http/event-stream.ts';
import { randomStream, type Arrived, type RandomStream } from './random-stream.ts';
import { check, checkEqual } from '../../../many-checks.ts';
import { seedBlocks } from '../../seed-blocks.ts';

const seeds = { quick: 400, long: 5000, all: 20_000, perTest: 200 };

for (const { first, last, tag } of seedBlocks(seeds)) {
  test(`random streams ${first} to ${last}`, { tag }, () => {
    for (let seed = first; seed <= last; seed++) checkStream(seed);
  });
}

function checkStream(seed: number): void {
  const stream = randomStream(seed);
  const { figures, text, verdict } = read(stream);
  const about = `seed ${seed}, ${stream.what}`;
  const { arrived } = stream;
  const broken = arrived.findIndex(({ isBroken }) => isBroken === true);
  if (broken < 0 && !stream.parts.some(({ isBroken }) => isBroken === true)) {
    const { isCountedByChunks, ...model } = modelOf(arrived);
    const seen = { ...figures, text, verdict };
    const told = Object.keys(model).map((name) => [name, seen[name as keyof typeof model]]);
    checkEqual(Object.fromEntries(told), model, about);
    check(!isCountedByChunks || figures.countedBy === 'chunks', `${about}: counted by chunks`);
  } else {
    const before = modelOf(broken < 0 ? arrived : arrived.slice(0, broken));
    const { firstTokenAtMs, firstAnswerAtMs, chunkGapsMs } = before;
    const seen = figures.chunkGapsMs.slice(0, chunkGapsMs.length);
    checkEqual(seen, chunkGapsMs, about);
    if (firstTokenAtMs !== undefined) checkEqual(figures.firstTokenAtMs, firstTokenAtMs, about);
    if (firstAnswerAtMs !== undefined) checkEqual(figures.firstAnswerAtMs, firstAnswerAtMs, about);
    if (verdict === 'ok') check(arrived.some(mayBeTheEnd), about);
  }
  checkSound(figures, about);
}

function mayBeTheEnd({ isDone, isBroken, text }: Arrived): boolean {
  return isDone === true || (isBroken === true && text.includes('[DONE]'));
}

function read({ writes }: RandomStream) {
  const chat = new ChatStream();
  const events = new EventStream(chat.event, chat.line);
  for (const { bytes, atMs } of writes) events.chunk(bytes, atMs);
  events.end(chat.cutEvent);
  const figures = chat.figures();
  const judged = judgeChatStream(figures, 'text/event-stream', 'both', chat.inPlace);
  const verdict = judged.kind === undefined ? judged.outcome : `${judged.outcome} ${judged.kind}`;
  return { figures, text: chat.text, verdict };
}

/** The expected result of undamaged parts. */
function modelOf(arrived: readonly Arrived[]) {
  const end = arrived.findIndex(({ isDone, isError }) => isDone === true || isError === true);
  const parts = end < 0 ? arrived : arrived.slice(0, end + 1);
  const tokens = parts.filter(({ token }) => token !== undefined);
  const answers = tokens.filter(({ token }) => token === 'answer');
  const reason = parts.findLast((part) => part.reason !== undefined)?.reason;
  const counts = parts.findLast((part) => part.counts !== undefined)?.counts;
  const last = parts.at(-1);
  const ends = last?.isDone === true && reason !== undefined;
  const isCutShort = reason === 'length' && tokens.length > answers.length;
  const isAnswer = answers.length > 0 || isCutShort;
  return {
    firstTokenAtMs: tokens[0]?.atMs,
    firstAnswerAtMs: answers[0]?.atMs,
    lastTokenAtMs: tokens.at(-1)?.atMs,
    chunkGapsMs: tokens.slice(1).map(({ atMs }, i) => atMs - tokens[i]!.atMs),
    streamedTokens: counts ?? tokens.length,
    isCountedByChunks: counts === undefined && tokens.length > 0,
    finishReason: reason,
    text: answers.map(({ word = '' }) => word).join(''),
    verdict: verdictOf(last?.isError === true, ends, isAnswer),
  };
}

function verdictOf(isError: boolean, ends: boolean, isAnswer: boolean): string {
  if (isError) return 'failed application';
  if (!ends) return 'invalid truncated';
  return isAnswer ? 'ok' : 'invalid schema';
}

/** In any case no figure is impossible. */
function checkSound(figures: ChatStreamFigures, about: string): void {
  const { firstTokenAtMs, firstAnswerAtMs, lastTokenAtMs, interTokenMs, chunkGapsMs } = figures;
  const { streamedTokens, outputTokens } = figures;
  const times = [firstTokenAtMs, firstAnswerAtMs, lastTokenAtMs].filter((ms) => ms !== undefined);
  checkEqual(
    times,
    times.toSorted((a, b) => a - b),
    about,
  );
  for (const figure of [...chunkGapsMs, streamedTokens, outputTokens, interTokenMs ?? 0]) {
    check(Number.isFinite(figure) && figure >= 0, `${about}: ${figure}`);
  }
}
