/** The catalogue's three AI services in one go. */
import { expect, test } from '@playwright/test';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { outerEnvironment, repository } from '../child-processes.ts';

test('the levels of gateway, RAG service and MCP server come in this order', async () => {
  const words = ['run', '--silent', 'load:ai', '--', '--list'];
  const { stdout } = await promisify(execFile)('npm', words, {
    cwd: repository,
    env: outerEnvironment(),
    maxBuffer: 1e8,
  });
  const listed = [
    ...stdout.matchAll(/\[progressive\] › tests\/systems\/([\w-]+)\.spec\.ts.* › (.*)/g),
  ];
  expect(listed.map(([, system, title]) => `${system}: ${title}`)).toEqual([
    'api-gateway: holds 10 users',
    'api-gateway: holds 50 users',
    'api-gateway: holds 100 users',
    'rag-service: holds 5 users',
    'rag-service: holds 25 users',
    'rag-service: holds 50 users',
    'mcp-server: holds 5 users',
    'mcp-server: holds 20 users',
  ]);
});
