/**
 * Finds load tests that belong to no project, because their tags name no scenario. The runner does not
 * mention them, and they never run. They are found in the text of the specs, since the runner does not
 * report what its projects exclude.
 */
import type { FullConfig } from '@playwright/test';
import type { AnyNode } from 'acorn';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { scenarioOf, scenarios, tagPattern } from '../../settings/load-project.ts';

export interface DeclaredLoad {
  readonly line: number;
  readonly title: string;
  /** The text that the runner's `grep` matches: titles and tags of the test and of the groups around it. */
  readonly text: string;
}

type LoadProject = Pick<FullConfig['projects'][number], 'testDir' | 'testMatch' | 'grep'>;

const asksForLoad = /\b(?:runLoad|comparePair)\b/;
/** The runner's default, `**\/*.@(spec|test).?(c|m)[jt]s?(x)`. */
export const specName = /\.(?:spec|test)\.[cm]?[jt]sx?$/;
const sourceName = /\.[cm]?[jt]sx?$/;

/** A paragraph that names each test and the missing line; empty if there is none, or no load project ran. */
export async function untaggedText({
  projects,
  filteredProjects,
}: Pick<FullConfig, 'projects' | 'filteredProjects'>): Promise<string> {
  const isForLoads = ({ metadata }: FullConfig['projects'][number]): boolean =>
    scenarioOf(metadata) !== undefined;
  const folders = new Map(filteredProjects.filter(isForLoads).map((one) => [one.testDir, one]));
  const all = projects.filter(isForLoads);
  const found: string[] = [];
  let example = '';
  for (const project of folders.values()) {
    for (const path of specsOf(project)) {
      const code = readFileSync(path, 'utf8');
      if (!asksForLoad.test(code)) continue;
      for (const { title, line, text } of await declaredLoads(code)) {
        if (isOfOthers(text) || all.some((one) => isTaken(one, text))) continue;
        found.push(`  ${relative(process.cwd(), path)}:${line} › ${title}`);
        example ||= title;
      }
    }
  }
  if (found.length === 0) return '';
  const own = [...new Set(all.flatMap(({ metadata }) => scenarioOf(metadata) ?? []))];
  return [
    '',
    'In no project, and so never run: the tags of these load tests name no scenario.',
    ...new Set(found),
    `  Give each the tag of one (${own.join(', ')}):`,
    `    test('${example}', { tag: '@${own[0]}' }, async ({ runLoad }) => {`,
    '',
  ].join('\n');
}

/**
 * Says how a test gets into the chosen projects, for a run that found none. Empty if all projects were
 * chosen, or one without loads.
 */
export function emptyProjectText({
  projects,
  filteredProjects,
}: Pick<FullConfig, 'projects' | 'filteredProjects'>): string {
  const chosen = filteredProjects.map(({ metadata }) => scenarioOf(metadata));
  const own = chosen.filter((name) => name !== undefined);
  if (own.length < chosen.length || chosen.length === projects.length) return '';
  const lines = [...new Set(own)].flatMap((name) => [
    `  The tests of the project ${name} have the tag @${name}:`,
    `    test('title', { tag: '@${name}' }, async ({ ${name === 'pair' ? 'comparePair' : 'runLoad'} }) => {`,
    // A load from the command line needs these lines and nothing else.
    ...(name === 'custom'
      ? [
          '      const result = await runLoad(user, custom(settings())); // LOAD_USERS, LOAD_DURATION, …',
          '      expect(result).toMeetBudget();',
          '    });',
        ]
      : []),
  ]);
  return ['', 'No test was found in the chosen projects and files.', ...lines, ''].join('\n');
}

function isTaken({ grep }: LoadProject, text: string): boolean {
  return [grep].flat().some((pattern) => pattern.test(text));
}

/** A scenario that this configuration does not have may have its project in another. */
function isOfOthers(text: string): boolean {
  return scenarios.some((name) => tagPattern(name, scenarios).test(text));
}

function specsOf({ testDir, testMatch }: LoadProject): string[] {
  const patterns = [testMatch].flat();
  // A team's own pattern may match any file. Files without loads are skipped.
  const name = patterns.some((one) => String(one).includes('.@(spec|test).'))
    ? specName
    : sourceName;
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (entry.name === 'node_modules' || entry.name.startsWith('.')) return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return walk(path);
      return entry.isFile() && name.test(entry.name) ? [path] : [];
    });
  return walk(testDir);
}

/**
 * Finds calls such as `test('title', { tag: '@smoke' }, async ({ runLoad }) => …)`. Titles or tags that
 * are computed are left out. Empty if the text cannot be parsed.
 */
export async function declaredLoads(code: string): Promise<DeclaredLoad[]> {
  const { Parser } = await import('acorn');
  const { tsPlugin } = await import('@sveltejs/acorn-typescript');
  const found: DeclaredLoad[] = [];
  const visit = (node: unknown, around: string | undefined): void => {
    if (Array.isArray(node)) for (const one of node) visit(one, around);
    if (!isNode(node)) return;
    const call = calledTest(node);
    const own = call === undefined ? around : joined(around, call);
    if (call?.isLoad === true && own !== undefined) {
      found.push({ line: node.loc?.start.line ?? 0, title: call.title!, text: own });
    }
    for (const child of Object.values(node)) visit(child, own);
  };
  try {
    const parser = Parser.extend(tsPlugin());
    visit(parser.parse(code, { sourceType: 'module', ecmaVersion: 'latest', locations: true }), '');
  } catch {
    return [];
  }
  return found;
}

function isNode(value: unknown): value is AnyNode {
  return typeof (value as { type?: unknown } | null)?.type === 'string';
}

interface CalledTest {
  /** Undefined if it is computed at run time; the same holds for the tags. */
  readonly title: string | undefined;
  readonly tags: readonly string[] | undefined;
  readonly isLoad: boolean;
}

function joined(around: string | undefined, { title, tags }: CalledTest): string | undefined {
  if (around === undefined || title === undefined || tags === undefined) return undefined;
  return [around, title, ...tags].join(' ');
}

/** A test or a group of tests declared by this node; undefined for other nodes. */
function calledTest(node: AnyNode): CalledTest | undefined {
  if (node.type !== 'CallExpression') return undefined;
  const words = calleeWords(node.callee);
  const body = node.arguments.at(-1);
  const isBody = body?.type === 'ArrowFunctionExpression' || body?.type === 'FunctionExpression';
  if (!isBody || words.length === 0) return undefined;
  const isGroup = words[1] === 'describe';
  const isTest = words.length === 1 || (words.length === 2 && words[1] === 'only');
  if (!isGroup && !isTest) return undefined;
  const [first, details] = node.arguments;
  const title = first === body ? '' : literalOf(first);
  const [parameter] = body.params;
  const names = parameter?.type === 'ObjectPattern' ? parameter.properties : [];
  const isLoad = names.some(
    (one) =>
      one.type === 'Property' && one.key.type === 'Identifier' && asksForLoad.test(one.key.name),
  );
  return {
    title,
    tags: details === body || details === undefined ? [] : tagsOf(details),
    isLoad: isTest && isLoad,
  };
}

/** `test.describe.only` → its three words; empty for any other callee. */
function calleeWords(node: AnyNode): string[] {
  if (node.type === 'Identifier') return [node.name];
  if (node.type !== 'MemberExpression' || node.property.type !== 'Identifier') return [];
  const words = calleeWords(node.object);
  return words.length === 0 ? [] : [...words, node.property.name];
}

function tagsOf(details: AnyNode): string[] | undefined {
  if (details.type !== 'ObjectExpression') return undefined;
  if (details.properties.some(({ type }) => type === 'SpreadElement')) return undefined;
  const tag = details.properties.find(
    (one) => one.type === 'Property' && one.key.type === 'Identifier' && one.key.name === 'tag',
  );
  if (tag?.type !== 'Property') return [];
  const list = tag.value.type === 'ArrayExpression' ? tag.value.elements : [tag.value];
  const texts = list.map((one) => (one === null ? undefined : literalOf(one)));
  return texts.every((text) => text !== undefined) ? texts : undefined;
}

function literalOf(node: AnyNode | undefined): string | undefined {
  if (node?.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node?.type !== 'TemplateLiteral' || node.expressions.length > 0) return undefined;
  return node.quasis[0]?.value.cooked ?? undefined;
}
