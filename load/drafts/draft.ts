/**
 * Drafts of user files, from a recording (har.ts) or a description of an API (openapi.ts). Start reading here.
 * A draft is what the file will hold, each part of it code already (code.ts); this file puts it together. What
 * comes from outside is in it as a literal or as the name of one, never as code.
 */
import { systemVariables } from '../settings/system-variables.ts';
import { keyCode, quoted } from './code.ts';

export interface DraftStep {
  /** As reports tell it: `GET /orders/{id}`. */
  readonly name: string;
  readonly method: string;
  /** Code of an expression. */
  readonly path: string;
  /** Options of the request: names, and code of their values. */
  readonly options: readonly (readonly [name: string, code: string])[];
  /** How long the user thought before it, as it was recorded. */
  readonly pauseMs?: number;
  /** What is to be looked at, each a sentence of ours. */
  readonly hints?: readonly string[];
  /** Set where a later step reads the answer. */
  variable?: string;
}

export interface DraftTask {
  readonly name: string;
  readonly steps: readonly DraftStep[];
}

export interface Draft {
  readonly system: string;
  /** Where it came from, for the file's first line. */
  readonly source: 'a recording' | 'a description of an API';
  readonly tasks: readonly DraftTask[];
  /** Done once by each user; what it returns is the state of the tasks. */
  readonly onStart?: DraftTask & { readonly state: string };
  readonly schemas: readonly (readonly [name: string, code: string])[];
  /** Functions that the code of the steps calls. */
  readonly functions: readonly string[];
}

const longestLine = 100;

/** The text of the file: a user, and a test that puts it under the smallest load. */
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

/** The names that the code takes from what a task is given. */
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
