import { expect, test } from '@playwright/test';
import { createServer } from 'node:http';
import { parseSlowdown, parseStretch } from '../../fixtures/reference/slowdown.ts';
import { stretched } from '../../fixtures/reference/stretched.ts';
import { listening } from '../contracts/client-harness.ts';

test('the factor of whole answers is stated beside those of tasks, and is none of theirs', () => {
  expect(parseStretch('answer:1.1,chat:2')).toBe(1.1);
  expect(parseStretch('50')).toBe(1);
  expect(parseStretch(undefined)).toBe(1);
  expect(parseSlowdown('answer:1.5,chat:2')('chat')).toBe(2);
  expect(parseSlowdown('answer:1.5')('chat')).toBe(1);
  expect(() => parseStretch('answer:0.5')).toThrow('"answer" takes 1 or more');
});

test('each byte comes later by as much, in order, and nothing is lost', async () => {
  const written: number[] = [];
  const handler = stretched((_, response) => {
    const startMs = performance.now();
    response.writeHead(200, { 'content-type': 'text/plain' });
    for (const [i, delayMs] of [50, 100].entries()) {
      setTimeout(() => {
        written.push(performance.now() - startMs);
        if (i === 0) response.write('first ');
        else response.end('last');
      }, delayMs);
    }
  }, 3);
  const server = await listening(createServer(handler));
  const startMs = performance.now();
  const answer = await fetch(`http://127.0.0.1:${server.port}`);
  const firstMs = performance.now() - startMs;
  expect(await answer.text()).toBe('first last');
  const lastMs = performance.now() - startMs;
  await server.close();
  // No sooner than three times the time at which the handler wrote.
  expect(firstMs).toBeGreaterThanOrEqual(3 * written[0]!);
  expect(lastMs).toBeGreaterThanOrEqual(3 * written[1]!);
});
