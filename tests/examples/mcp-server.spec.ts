/** `loadwright mcp`, used by the official client: an agent lists, runs, reads and compares. */
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { createServer } from 'node:http';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { outerEnvironment, repository } from '../child-processes.ts';
import { listening } from '../contracts/client-harness.ts';
import { expect, test } from '../faults/suite-run.ts';
import { draftProject } from './draft-project.ts';

const spec = `import { constant, defineUser, expect, test, users } from 'loadwright';

test.describe.configure({ lock: '-exclusive-' });

const greeter = defineUser({
  system: 'greeter',
  thinkTime: constant('50ms'),
  tasks: { greet: { run: async ({ http }) => void (await http.get('/greeting')) } },
});

test('greets 5 users', { tag: '@steady' }, async ({ runLoad }) => {
  const load = users({ count: 5, spawnRate: 100, duration: '2s' });
  expect(await runLoad(greeter, load, { budgets: { avg: '< 20 s' } })).toMeetBudget();
});

test('is no load', () => {});
`;

interface Told {
  readonly isError: boolean;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>>;
}

test(
  'an agent lists, runs, reads and compares; a host that is not allowed is refused',
  { tag: '@long' },
  async ({}, testInfo) => {
    const cwd = draftProject(testInfo.outputPath('project'));
    mkdirSync(join(cwd, 'tests/load'), { recursive: true });
    writeFileSync(join(cwd, 'tests/load/greeter.spec.ts'), spec);
    let asked = 0;
    let isFaulty = false;
    const server = await listening(
      createServer((_, response) => {
        asked += 1;
        response.writeHead(isFaulty && asked % 2 === 0 ? 500 : 200).end('hello');
      }),
    );
    const url = `http://127.0.0.1:${server.port}`;
    const client = new Client({ name: 'agent', version: '1' });
    const command = join(repository, 'fixtures/commands/loadwright.ts');
    const args = ['--import', 'tsx', command, 'mcp'];
    await client.connect(
      new StdioClientTransport({ command: process.execPath, args, cwd, env: outerEnvironment() }),
    );
    const call = async (name: string, input: Record<string, unknown> = {}): Promise<Told> => {
      const { isError = false, content } = await client.callTool({ name, arguments: input });
      const [first] = content as { text: string }[];
      const text = first?.text ?? '';
      return { isError, text, json: isError ? {} : (JSON.parse(text) as Told['json']) };
    };

    const { tools } = await client.listTools();
    const names = ['compare_runs', 'list_tests', 'read_verdict', 'run_test'];
    expect(tools.map(({ name }) => name).sort()).toEqual(names);
    const [greets] = (await call('list_tests')).json['tests'] as Record<string, unknown>[];
    expect(greets).toMatchObject({
      scenario: 'steady',
      file: 'tests/load/greeter.spec.ts',
      title: 'greets 5 users',
    });
    const { scenario, file, line } = greets!;
    const one = { scenario, file, line };

    const elsewhere = { system: 'greeter', url: 'http://greeter.example.org' };
    const foreign = await call('run_test', { ...one, target: elsewhere });
    expect(foreign).toMatchObject({ isError: true });
    expect(foreign.text).toContain(
      'load is sent to this machine only, and greeter.example.org is another',
    );
    expect((await call('run_test', { ...one, line: 1 })).text).toContain(
      'no such test; see list_tests',
    );
    expect((await call('read_verdict', { run: '../../etc' })).isError).toBe(true);
    expect(asked).toBe(0);

    const target = { system: 'greeter', url };
    const before = await call('run_test', { ...one, target });
    expect(before.json, before.text).toMatchObject({ isOver: true });
    const [good] = before.json['loads'] as Record<string, unknown>[];
    expect(['pass', 'invalid'], before.text).toContain(good?.['verdict']);
    const sent = asked;
    expect(sent).toBeGreaterThan(10);

    isFaulty = true;
    const after = await call('run_test', { ...one, target });
    const read = await call('read_verdict', { run: after.json['run'] });
    expect(read.json).toEqual(after.json);
    const [bad] = read.json['loads'] as Record<string, unknown>[];
    expect(bad?.['verdict'], read.text).toBe('fail');
    const rows = bad?.['budgets'] as { name: string; status: string }[];
    expect(rows.find(({ name }) => name === 'errorRate')?.status).toBe('fail');
    expect(bad?.['errors']).toMatchObject([{ kind: 'status 500' }]);

    const runs = { before: before.json['run'], after: after.json['run'] };
    const compared = await call('compare_runs', runs);
    expect(compared.json, compared.text).toMatchObject({ isRegression: true });
    await client.close();
    await server.close();
  },
);
