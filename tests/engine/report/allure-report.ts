/** Makes an Allure report with the installed Allure, and reads its files. */
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { outerEnvironment, repository } from '../../child-processes.ts';

/** As a reader of the README calls it, in a folder with an `allurerc.ts`. */
export async function generateReport(folder: string, words: readonly string[] = []): Promise<void> {
  const cli = join(repository, 'node_modules/allure/cli.js');
  const env = outerEnvironment();
  await promisify(execFile)(process.execPath, [cli, 'generate', ...words], { cwd: folder, env });
}

interface TreeNode {
  readonly name: string;
  readonly groups?: readonly string[];
  readonly leaves?: readonly string[];
}

interface Tree {
  readonly root: Omit<TreeNode, 'name'>;
  readonly groupsById: Readonly<Record<string, TreeNode>>;
  readonly leavesById: Readonly<Record<string, { name: string; status: string }>>;
}

interface CategoryTree {
  readonly roots: readonly string[];
  readonly nodes: Readonly<Record<string, { name: string; childrenIds?: readonly string[] }>>;
}

/** A test as on its page of the report. */
export interface ReportedTest {
  readonly name: string;
  readonly error?: { readonly message?: string; readonly trace?: string };
  readonly descriptionHtml?: string;
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

export class AllureReport {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** `system › scenario › level › test: status`, a line for each test of the tree. */
  get tree(): string[] {
    const { root, groupsById, leavesById } = this.read('widgets/tree.json') as Tree;
    const walk = ({ groups = [], leaves = [] }: Omit<TreeNode, 'name'>, path: string): string[] => [
      ...groups.flatMap((id) => walk(groupsById[id]!, `${path}${groupsById[id]!.name} › `)),
      ...leaves.map((id) => `${path}${leavesById[id]!.name}: ${leavesById[id]!.status}`),
    ];
    return walk(root, '').sort();
  }

  /** Names of categories, each with the tests in it. */
  get categories(): Record<string, string[]> {
    const { roots, nodes } = this.read('widgets/categories.json') as CategoryTree;
    const tests = (id: string): string[] => {
      const { name, childrenIds = [] } = nodes[id]!;
      return childrenIds.length === 0 ? [name] : childrenIds.flatMap(tests);
    };
    return Object.fromEntries(roots.map((id) => [nodes[id]!.name, tests(id).sort()]));
  }

  get environment(): Record<string, string> {
    const all = this.read('widgets/allure_environment.json') as {
      name: string;
      values: string[];
    }[];
    return Object.fromEntries(all.map(({ name, values }) => [name, values.join('; ')]));
  }

  test(name: string): ReportedTest {
    const folder = join(this.folder, 'data/test-results');
    const tests = readdirSync(folder).map((file) => {
      return this.read(join('data/test-results', file)) as ReportedTest;
    });
    const found = tests.find((one) => one.name === name);
    if (found === undefined)
      throw new Error(`${name}: not among ${tests.map((t) => t.name).join()}`);
    return found;
  }

  /** Everything that Allure shows of this test, including the contents of attachments. */
  textsOf(name: string): string[] {
    const files = [...JSON.stringify(this.test(name)).matchAll(/"([0-9a-f]{32})"/g)];
    const ids = new Set(files.map(([, id]) => id));
    const attachments = join(this.folder, 'data/attachments');
    const contents = readdirSync(attachments)
      .filter((file) => ids.has(file.replace(/\..*$/, '')))
      .map((file) => readFileSync(join(attachments, file), 'utf8'));
    return [JSON.stringify(this.test(name)), ...contents];
  }

  private read(path: string): unknown {
    return JSON.parse(readFileSync(join(this.folder, path), 'utf8'));
  }
}
