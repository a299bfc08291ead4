/**
 * Drafts of user files, from a recording (har.ts) or an API description (openapi.ts). Start reading here.
 * A draft holds the parts of the file as code (code.ts); this file puts them together. Text from outside
 * appears in it as a literal or as a name in a literal, never as code.
 */
import { systemVariables } from '../settings/system-variables.ts';
import { keyCode, quoted } from './code.ts';

export interface DraftStep {
  /** The name in reports: `GET /orders/{id}`. */
  readonly name: string;
  readonly method: string;
  /** Code of an expression. */
  readonly path: string;
  /** Options of the request: names, and code of their values. */
  readonly options: readonly (readonly [name: string, code: string])[];
  /** How long the user waited before it, as recorded. */
  readonly pauseMs?: number;
  /** Hints on what to check, a sentence each. */
  readonly hints?: readonly string[];
  /** Set if a later step uses the answer. */
  variable?: string;
}

export interface DraftTask {
  readonly name: string;
  readonly steps: readonly DraftStep[];
}

export interface Draft {
  readonly system: string;
  /** The source, for the file's first line. */
  readonly source: 'a recording' | 'a description of an API';
  readonly tasks: readonly DraftTask[];
  /** Runs once per user. Its result is the state of the tasks. */
  readonly onStart?: DraftTask & { readonly state: string };
  readonly schemas: readonly (readonly [name: string, code: string])[];
  /** Functions that the steps call. */
  readonly functions: readonly string[];
}

const longestLine = 100;

/** The text of the file: a user, and a test with the smallest load. */
export function draftText(draft: Draft): string {
  const { system, source, schemas, functions } = draft;
  const { url } = systemVariables(system);
  const usesZod = schemas.length > 0;
  const lines = [
    `/** Drafted from ${source}, to be edited: what each user does, how often, and with which data. */`,
    "import { between, defineUser, expect, smoke, test } from 'loadwright';",
    ...(usesZod ? ["import { z } from 'zod';"] : []),
    '',
    "test.describe.configure({ lock: '-exclusive-' }); // no other test of this run runs meanwhile",
    '',
    ...schemas.flatMap(([name, code]) => [`const ${name} = ${code};`, '']),
    ...functions.flatMap((code) => [code, '']),
    'const user = defineUser({',
    `  system: ${quoted(system)}, // ${url} is its address`,
    "  thinkTime: between('1s', '3s'), // between two iterations",
    ...onStartLines(draft),
    '  tasks: {',
    ...draft.tasks.flatMap((task) => taskLines(task, draft)),
    '  },',
    '});',
    '',
    "test('answers every task', { tag: '@smoke' }, async ({ runLoad }) => {",
    "  const result = await runLoad(user, smoke(user), { budgets: { errorRate: '< 1 %' } });",
    '  expect(result).toMeetBudget();',
    '});',
    '',
  ];
  return lines.join('\n');
}

function onStartLines({ onStart }: Draft): string[] {
  if (onStart === undefined) return [];
  const body = bodyLines(onStart.steps, '    ');
  const names = namesUsed([...body, onStart.state].join('\n'), false);
  return [`  onStart: async (${names}) => {`, ...body, `    return ${onStart.state};`, '  },'];
}

function taskLines({ name, steps }: DraftTask, { onStart }: Draft): string[] {
  const body = bodyLines(steps, '        ');
  const names = namesUsed(body.join('\n'), onStart !== undefined);
  return [
    `    ${keyCode(name)}: {`,
    "      deadline: '30s', // of each request",
    `      run: async (${names}) => {`,
    ...body,
    '      },',
    '    },',
  ];
}

/** The members of the task's context that the code uses. */
function namesUsed(code: string, hasState: boolean): string {
  const calls = { http: /\bhttp\./, target: /\btarget\./, user: /\buser\./, wait: /\bwait\(/ };
  const known = Object.entries(hasState ? { ...calls, state: /\bstate\./ } : calls);
  const used = known.filter(([, call]) => call.test(code)).map(([name]) => name);
  return used.length === 0 ? '' : `{ ${used.join(', ')} }`;
}

function bodyLines(steps: readonly DraftStep[], indent: string): string[] {
  return steps.flatMap((step) => stepLines(step).map((line) => indent + line));
}

function stepLines(step: DraftStep): string[] {
  const { name, method, path, options, variable, pauseMs = 0, hints = [] } = step;
  const wait = pauseMs > 0 ? [`await wait('${(pauseMs / 1000).toFixed(1)}s');`] : [];
  const before = variable === undefined ? '' : `const ${variable} = `;
  const call = methods.has(method)
    ? `http.${method.toLowerCase()}(`
    : `http.request(${quoted(method)}, `;
  const all = [['name', quoted(name)] as const, ...options];
  const whole = `${before}await ${call}${path}, { ${all.map(optionCode).join(', ')} });`;
  const sent =
    whole.length <= longestLine - 8 && !whole.includes('\n')
      ? [whole]
      : [
          `${before}await ${call}${path}, {`,
          ...all.flatMap((option) =>
            `${optionCode(option)},`.split('\n').map((line) => `  ${line}`),
          ),
          '});',
        ];
  return [...wait, ...hints.map((hint) => `// ${hint}`), ...sent];
}

const methods: ReadonlySet<string> = new Set([
  'GET',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'HEAD',
  'OPTIONS',
]);

function optionCode([name, code]: readonly [string, string]): string {
  return name === code ? name : `${name}: ${code}`;
}
