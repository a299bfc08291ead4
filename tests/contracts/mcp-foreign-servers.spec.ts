/** The MCP user with servers of others, using only a mapping of their tools. */
import { expect, test } from '@playwright/test';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { outcomesOf, selectSeries } from '../../load/metrics/result/select.ts';
import type { Result } from '../../load/metrics/result/result.ts';
import { mcpServerUser } from '../../load/systems/mcp-server/mcp-server.ts';
import { mcpSettings } from '../../load/systems/mcp-server/settings.ts';
import { noThinkTime } from '../../load/workload/think-time.ts';
import type { UserDefinition } from '../../load/user/define-user.ts';
import { users } from '../../load/workload/users.ts';
import { isRunning, outerEnvironment } from '../child-processes.ts';
import { runForReal } from '../instrument/real-load.ts';

const { resolve } = createRequire(import.meta.url);
const everything = resolve('@modelcontextprotocol/server-everything/dist/index.js');
const filesystem = resolve('@modelcontextprotocol/server-filesystem/dist/index.js');
const onLoopback = fileURLToPath(new URL('./loopback-listen.ts', import.meta.url));

const count = 3;

let folder: string;
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'loadwright-foreign-'));
});
test.afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Foreign {
  readonly url: string;
  readonly environment: Readonly<Record<string, string>>;
  /** The content of the file `MCP_SERVER_TOOLS`. */
  readonly map: object;
}

async function loaded({ url, environment, map }: Foreign): Promise<Result> {
  const file = join(folder, 'tools.json');
  writeFileSync(file, JSON.stringify(map));
  const definition = mcpServerUser(
    mcpSettings({ ...environment, MCP_SERVER_TOOLS: file }),
  ) as unknown as UserDefinition;
  // The load ends when each user has an answer to each of its tasks, however slowly they start.
  let enough: () => void = () => undefined;
  const answered = new Set<string>();
  const tasks = Object.entries(definition.tasks).map(([name, task]) => {
    const run: (typeof task)['run'] = async (context) => {
      try {
        await task.run(context);
      } finally {
        answered.add(`${name} of ${context.user.uniqueId}`);
        if (answered.size === count * tasks.length) enough();
      }
    };
    return [name, { ...task, run }] as const;
  });
  const { result } = await runForReal({
    url,
    user: { ...definition, tasks: Object.fromEntries(tasks) },
    workload: users({ count, spawnRate: 1000, duration: '60s', thinkTime: noThinkTime }),
    during: (run) => {
      enough = () => {
        run.stop({ cause: 'completed', detail: 'every user has called every tool' });
      };
    },
  });
  return result;
}

/** All requests ended ok. Returns how many there were of each task. */
function allOk(result: Result): Record<string, number> {
  const all = selectSeries(result, { phases: 'all' });
  const { ok = 0, ...others } = outcomesOf(all);
  expect(others).toEqual({});
  expect(ok).toBe(result.scheduled);
  const tasks = [...new Set(all.map(({ task }) => task))];
  return Object.fromEntries(
    tasks.map((task) => [task, outcomesOf(all.filter((one) => one.task === task)).ok ?? 0]),
  );
}

function counted(result: Result, metric: string): number {
  const all = selectSeries(result, { phases: 'all' });
  return all.reduce((sum, { counters }) => sum + (counters[metric] ?? 0), 0);
}

/** Each user has at least one, and closes it. */
function expectSessions(result: Result): void {
  expect(counted(result, 'sessionsOpened')).toBeGreaterThanOrEqual(count);
  expect(counted(result, 'sessionsClosed')).toBe(counted(result, 'sessionsOpened'));
  expect(counted(result, 'sessionsLost')).toBe(0);
}

test('server-everything over Streamable HTTP: every mapped tool answers', async () => {
  const child = fork(everything, ['streamableHttp'], {
    execArgv: ['--import', 'tsx/esm', '--import', onLoopback],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: outerEnvironment(),
  });
  const exited = once(child, 'exit');
  const [port] = (await once(child, 'message')) as [number];
  const result = await loaded({
    url: `http://127.0.0.1:${port}`,
    environment: { MCP_SERVER_HEALTH: 'none' },
    map: {
      tools: {
        read_file: { name: 'echo', arguments: { path: 'message' } },
        write_file: null,
        git_status: { name: 'get-sum', arguments: { repo_path: null }, values: { a: 2, b: 3 } },
        git_log: {
          name: 'trigger-long-running-operation',
          arguments: { repo_path: null, max_count: 'steps' },
          values: { duration: 0.02 },
        },
        web_scrape: { name: 'get-resource-links', arguments: { url: null }, values: { count: 3 } },
      },
    },
  });
  child.kill();
  await exited;
  expect(isRunning(child.pid!)).toBe(false);
  const tasks = allOk(result);
  for (const task of ['onStart', 'read_file', 'git_status', 'git_log', 'web_scrape', 'onStop']) {
    expect(tasks[task], task).toBeGreaterThan(0);
  }
  expectSessions(result);
});

test('server-filesystem over stdio: what was written is read, and stands on the disk', async () => {
  const result = await loaded({
    url: 'stdio://localhost/node',
    environment: { MCP_SERVER_COMMAND: `${process.execPath} ${filesystem} ${folder}` },
    map: {
      folder,
      tools: {
        read_file: { name: 'read_text_file' },
        git_status: {
          name: 'list_directory',
          arguments: { repo_path: null },
          values: { path: folder },
        },
        git_log: {
          name: 'search_files',
          arguments: { repo_path: null, max_count: null },
          values: { path: folder, pattern: '*.txt' },
        },
        web_scrape: { name: 'list_allowed_directories', arguments: { url: null } },
      },
    },
  });
  const tasks = allOk(result);
  for (const task of ['read_file', 'write_file', 'git_status', 'git_log', 'web_scrape']) {
    expect(tasks[task], task).toBeGreaterThan(0);
  }
  expectSessions(result);
  const files = readdirSync(folder).filter((name) => name.endsWith('.txt'));
  expect(files.length).toBeGreaterThanOrEqual(count);
  for (const name of files) {
    expect(readFileSync(join(folder, name), 'utf8')).toMatch(/^version \d+ of .*loadtest_/);
  }
});

test('a mapping to a tool that the server has not is failed calls, by name', async () => {
  const result = await loaded({
    url: 'stdio://localhost/node',
    environment: { MCP_SERVER_COMMAND: `${process.execPath} ${filesystem} ${folder}` },
    map: {
      tools: {
        read_file: null,
        write_file: null,
        git_status: null,
        git_log: null,
        web_scrape: { name: 'no_such_tool', arguments: { url: null } },
      },
    },
  });
  const called = selectSeries(result, { task: 'web_scrape', phases: 'all' });
  const { failed = 0, ...others } = outcomesOf(called);
  expect(failed).toBeGreaterThan(0);
  expect(others).toEqual({});
  expect(called.flatMap(({ errors }) => errors)[0]?.sample).toContain('no_such_tool');
});
