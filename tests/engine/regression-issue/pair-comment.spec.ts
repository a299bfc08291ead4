import { expect, test } from '@playwright/test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { commentOnPull } from '../../../load/regression-issue/pair-comment.ts';
import { pairCommentMark } from '../../../load/report/files/pair-comment.ts';
import { listening } from '../../contracts/client-harness.ts';

interface Comment {
  readonly id: number;
  readonly html_url: string;
  body: string;
}

/** Comments of pull request 7, as GitHub keeps them; `calls` are methods and paths. */
async function pullRequest(comments: Comment[]) {
  const calls: string[] = [];
  const base = '/repos/acme/shop/issues';
  const server = createServer((request, response) => {
    void text(request).then((sent) => {
      const [path = ''] = request.url!.split('?');
      calls.push(`${request.method} ${path}`);
      const { body = '' } = sent === '' ? {} : (JSON.parse(sent) as { body?: string });
      const answer = (status: number, json: unknown): void => {
        response
          .writeHead(status, { 'content-type': 'application/json' })
          .end(JSON.stringify(json));
      };
      if (request.method === 'GET') answer(200, comments);
      else if (path === `${base}/7/comments`) {
        const id = comments.length + 1;
        comments.push({ id, html_url: `https://github.example/comment/${id}`, body });
        answer(201, comments.at(-1));
      } else {
        const known = comments.find(({ id }) => path === `${base}/comments/${id}`)!;
        known.body = body;
        answer(200, known);
      }
    });
  });
  const listener = await listening(server);
  const environment = {
    GITHUB_TOKEN: 'a token',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_API_URL: `http://127.0.0.1:${listener.port}`,
    GITHUB_REF: 'refs/pull/7/merge',
  };
  return { calls, environment, close: () => listener.close() };
}

test('a pull request has one comment, which a later run writes over', async ({}, testInfo) => {
  const folder = testInfo.outputPath('run');
  mkdirSync(folder);
  const write = (body: string): void => {
    writeFileSync(join(folder, 'pair-comment.md'), `${pairCommentMark}\n\n${body}\n`);
  };
  const comments = [{ id: 1, html_url: 'https://github.example/comment/1', body: 'looks good' }];
  const pull = await pullRequest(comments);
  let told = '';
  const print = (line: string): unknown => (told += line);
  write('first');
  await commentOnPull([folder], { environment: pull.environment, print });
  write('second');
  await commentOnPull([folder, '--pull', '7'], { environment: pull.environment, print });
  await pull.close();
  expect(comments.map(({ body }) => body)).toEqual([
    'looks good',
    `${pairCommentMark}\n\nsecond\n`,
  ]);
  expect(told).toBe('https://github.example/comment/2\nhttps://github.example/comment/2\n');
  expect(pull.calls.at(-1)).toBe('PATCH /repos/acme/shop/issues/comments/2');
});

for (const [words, environment, message] of [
  [[], {}, 'no pull request is named; accepted is --pull with its number'],
  [['--pull', 'x'], {}, '--pull x: accepted is the number of a pull request'],
  [['/nowhere', '--pull', '1'], {}, '/nowhere/pair-comment.md: this run has no pair'],
] as const) {
  test(`refused: ${words.join(' ')}`, async () => {
    const caller = { environment, print: () => undefined };
    await expect(commentOnPull(words, caller)).rejects.toThrow(message);
  });
}
