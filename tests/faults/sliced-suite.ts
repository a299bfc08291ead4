/** A small suite that is run in slices, against a server that identifies each request. */
import { test as base } from '@playwright/test';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  killAll,
  linkedProject,
  outerEnvironment,
  processTree,
  repository,
  type RunningProcess,
} from '../child-processes.ts';

const user = `
import { z } from 'zod';
import { between, defineUser } from 'loadwright';
export const shopUser = defineUser({
  system: 'shop',
  thinkTime: between('1s', '2s'),
  connections: 'shared',
  http: { headers: ({ target }) => ({ 'x-key': target.key ?? '' }) },
  tasks: {
    order: {
      deadline: '5s',
      // Two draws are the name of an arrival: the same whoever makes it.
      run: async ({ http, random, user }) => {
        const name = String(random()) + '-' + String(random());
        const query = { name, by: user.uniqueId };
        await http.get('/orders', { query, expect: z.object({ ok: z.literal(true) }) });
      },
    },
  },
});
`;

const spec = `
import { arrivals, expect, test } from 'loadwright';
import { shopUser } from './shop-user.ts';

function load(rate, duration) {
  return { ...arrivals({ rate, duration, process: 'poisson' }), isShortened: true };
}
const loose = { p95: '< 3 s', errorRate: '< 5 %' };

test('all together are enough', { tag: '@steady' }, async ({ runLoad }) => {
  const budgets = { ...loose, throughput: '> 40 /s' };
  expect(await runLoad(shopUser, load('60/s', '4s'), { budgets })).toMeetBudget();
});
test('all together are too many', { tag: '@steady' }, async ({ runLoad }) => {
  const budgets = { ...loose, throughput: '< 40 /s' };
  expect(await runLoad(shopUser, load('60.5/s', '4s'), { budgets })).toMeetBudget();
});
test('goes on', { tag: '@endurance' }, async ({ runLoad }) => {
  const result = await runLoad(shopUser, load('40/s', '60s'), { budgets: loose });
  expect(result).toMeetBudget();
});
`;

/** A project with a suite of one spec. */
export function slicedProject(folder: string): string {
  linkedProject(folder, ['merge.config.ts', 'deploy']);
  writeFileSync(join(folder, 'tests/systems/shop-user.ts'), user);
  writeFileSync(join(folder, 'tests/systems/shop.spec.ts'), spec);
  return folder;
}

/** A key that the shop does not accept. */
export const wrongKey = 'not-a-key-of-the-shop';

/**
 * Counts each name that the load ordered, without the checks before it. Answers after 5 to 45 ms,
 * depending on the name.
 */
export class Shop {
  readonly orders = new Map<string, number>();
  /** When each of them came, in epoch ms. */
  readonly orderedAtMs: number[] = [];
  private readonly server: Server;

  private constructor() {
    this.server = createServer((request, response) => {
      const { searchParams: asked } = new URL(request.url ?? '/', 'http://shop');
      const name = asked.get('name') ?? '';
      const isLoad = asked.get('by')?.includes('-preflight') === false;
      if (isLoad) {
        this.orders.set(name, (this.orders.get(name) ?? 0) + 1);
        this.orderedAtMs.push(performance.timeOrigin + performance.now());
      }
      response.setHeader('content-type', 'application/json');
      if (request.headers['x-key'] === wrongKey) response.statusCode = 401;
      setTimeout(() => response.end('{"ok":true}'), 5 + 40 * Number(name.split('-')[0]));
    });
  }

  static async open(host = '127.0.0.1'): Promise<Shop> {
    const shop = new Shop();
    await once(shop.server.listen(0, host), 'listening');
    return shop;
  }

  get url(): string {
    const { address, port } = this.server.address() as AddressInfo;
    return `http://${address}:${port}`;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** A command of the project, in a separate process. */
export class Command {
  output = '';
  readonly exited: Promise<number | null>;
  private readonly child: ChildProcess;
  private readonly known = new Set<number>();

  constructor(
    cwd: string,
    words: readonly string[],
    settings: Readonly<Record<string, string>>,
    file = process.execPath,
  ) {
    this.child = spawn(file, words, {
      cwd,
      env: { ...outerEnvironment(), ...settings },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    }
    this.exited = new Promise((resolve) => this.child.once('close', resolve));
  }

  /** The launcher of slices, in the project's folder. */
  static slices(
    cwd: string,
    words: readonly string[],
    settings: Readonly<Record<string, string>>,
  ): Command {
    const tsx = ['--import', 'tsx/esm', 'fixtures/commands/loadwright.ts', 'slices'];
    return new Command(cwd, [...tsx, ...words], settings);
  }

  static playwright(
    cwd: string,
    words: readonly string[],
    settings: Readonly<Record<string, string>>,
  ): Command {
    const cli = join(repository, 'node_modules/@playwright/test/cli.js');
    return new Command(cwd, [cli, ...words], settings);
  }

  get pid(): number {
    return this.child.pid ?? -1;
  }

  processes(): RunningProcess[] {
    const tree = processTree(this.pid);
    for (const { pid } of tree) this.known.add(pid);
    return tree;
  }

  get seen(): ReadonlySet<number> {
    return this.known;
  }

  signal(name: NodeJS.Signals): void {
    this.child.kill(name);
  }

  async end(): Promise<void> {
    this.processes();
    await killAll(this.known);
    await this.exited;
  }
}

/** Provides a server, a separate project, and commands that end with the test. */
export const test = base.extend<{
  shop: Shop;
  start: (command: Command) => Command;
  project: string;
}>({
  shop: async ({}, use) => {
    const shop = await Shop.open();
    await use(shop);
    shop.close();
  },
  start: async ({}, use) => {
    const commands: Command[] = [];
    await use((command) => {
      commands.push(command);
      return command;
    });
    for (const command of commands) await command.end();
  },
  project: async ({}, use, testInfo) => {
    await use(slicedProject(testInfo.outputPath('project')));
  },
});
