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

const sha = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';

/** The run folder of one push, and what the command prints. */
function runOf(folder: string, body: string | undefined): string {
  mkdirSync(folder, { recursive: true });
  if (body !== undefined) writeFileSync(join(folder, 'pair-comment.md'), `${body}\n`);
  return folder;
}

test('a pull request has one comment, which a later run writes over', async ({}, testInfo) => {
  const comments = [{ id: 1, html_url: 'https://github.example/comment/1', body: 'looks good' }];
  const pull = await pullRequest(comments);
  let told = '';
  const caller = { environment: pull.environment, print: (line: string) => void (told += line) };
  const first = runOf(testInfo.outputPath('first'), 'first');
  const second = runOf(testInfo.outputPath('second'), 'second');
  await commentOnPull([first], caller);
  await commentOnPull([second, '--pull', '7'], caller);
  await pull.close();
  expect(comments.map(({ body }) => body)).toEqual([
    'looks good',
    `${pairCommentMark()}\n\nsecond\n`,
  ]);
  expect(told).toBe('https://github.example/comment/2\nhttps://github.example/comment/2\n');
  expect(pull.calls.at(-1)).toBe('PATCH /repos/acme/shop/issues/comments/2');
});

test('it names the commit of the head and the run, and each job has a comment of its own', async ({}, testInfo) => {
  const comments: Comment[] = [];
  const pull = await pullRequest(comments);
  const event = testInfo.outputPath('event.json');
  const folder = runOf(testInfo.outputPath('run'), 'alike');
  writeFileSync(event, JSON.stringify({ pull_request: { head: { sha } } }));
  const environment = {
    ...pull.environment,
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_RUN_ID: '42',
    GITHUB_WORKFLOW: 'pair',
    GITHUB_JOB: 'small',
    GITHUB_SHA: 'f'.repeat(40),
    GITHUB_EVENT_PATH: event,
  };
  const print = (): void => undefined;
  await commentOnPull([folder], { environment, print });
  await commentOnPull([folder, '--name', 'large | x'], { environment, print });
  await commentOnPull([folder, '--name', 'large | x'], { environment, print });
  await pull.close();
  const run = '[the run](https://github.example/acme/shop/actions/runs/42)';
  expect(comments.map(({ body }) => body)).toEqual([
    `<!-- loadwright pair: pair / small -->\n\nalike\n\n<sub>commit a1b2c3d4e5 · ${run}</sub>\n`,
    `<!-- loadwright pair: large x -->\n\nalike\n\n<sub>large &#124; x · commit a1b2c3d4e5 · ${run}</sub>\n`,
  ]);
});

test('a run that ended before its pair leaves no earlier verdict standing', async ({}, testInfo) => {
  const comments: Comment[] = [];
  const pull = await pullRequest(comments);
  const environment = { ...pull.environment, GITHUB_SHA: sha };
  const caller = { environment, print: () => undefined };
  await commentOnPull([runOf(testInfo.outputPath('green'), 'no difference')], caller);
  const broken = testInfo.outputPath('broken');
  await expect(commentOnPull([broken], caller)).rejects.toThrow(
    `${broken}/pair-comment.md: this run has no pair, and the comment says so`,
  );
  await pull.close();
  expect(comments).toHaveLength(1);
  expect(comments[0]!.body).not.toContain('no difference');
  expect(comments[0]!.body).toMatch(/This run has no verdict.*commit a1b2c3d4e5/s);
});

test('a token that may not write says which permission it lacks, and that forks have none', async ({}, testInfo) => {
  const server = createServer((_, response) => {
    response.writeHead(403, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: 'Resource not accessible by integration' }));
  });
  const listener = await listening(server);
  const environment = {
    GITHUB_TOKEN: 'a token',
    GITHUB_REPOSITORY: 'acme/shop',
    GITHUB_API_URL: `http://127.0.0.1:${listener.port}`,
  };
  const folder = runOf(testInfo.outputPath('run'), 'alike');
  const caller = { environment, print: () => undefined };
  await expect(commentOnPull([folder, '--pull', '7'], caller)).rejects.toThrow(
    /needs the permission "pull-requests: write", which GitHub gives to no pull request from a fork$/,
  );
  await listener.close();
});

for (const [words, environment, message] of [
  [[], {}, 'no pull request is named; accepted is --pull with its number'],
  [['--pull', 'x'], {}, '--pull x: accepted is the number of a pull request'],
  [['/nowhere', '--pull', '1'], {}, 'GITHUB_TOKEN: accepted is a token'],
] as const) {
  test(`refused: ${words.join(' ')}`, async () => {
    const caller = { environment, print: () => undefined };
    await expect(commentOnPull(words, caller)).rejects.toThrow(message);
  });
}
