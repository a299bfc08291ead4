/** Every public name has a description and an example that compiles; examples that need no system are run. */
import { expect, test } from '@playwright/test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compilerComplaints } from '../examples/compiler-complaints.ts';
import {
  declaredIn,
  importsFor,
  mentions,
  publicNames,
  type PublicName,
} from '../examples/public-names.ts';

/** An example that shows a part of a spec, or of a task, is compiled with these names around it. */
const surroundings: Readonly<Record<string, string>> = {
  shopUser: "import('loadwright').UserDefinition<undefined, never, 'order', never>",
  probesUser: "import('loadwright').UserDefinition",
  streamingUser: "import('loadwright').UserDefinition",
  runLoad: "import('loadwright').RunLoad",
  comparePair: "import('loadwright').ComparePair",
  loadTarget: "import('loadwright').LoadTarget",
  load: "ReturnType<typeof import('loadwright').users>",
  result: "Awaited<ReturnType<import('loadwright').RunLoad>>",
  pair: "import('loadwright').JudgedPair",
  http: "import('loadwright').Http",
  context: "import('loadwright').UserContext<never>",
  fail: '(reason: string) => never',
  measure: "import('loadwright').Measure",
  request: "import('loadwright/chat').ChatRequest",
  message: 'string',
  client:
    '{ publish(message: string): Promise<{ code: string }>; connect(): Promise<void>; disconnect(): Promise<void> }',
  tasks: "Record<string, import('loadwright').TaskSource<any, any, any>>",
  user: "import('loadwright').UserDefinition<undefined, never, 'order', never>",
};

function around(code: string): string {
  const own = declaredIn(code);
  const wanted = Object.entries(surroundings).filter(
    ([name]) => !own.has(name) && mentions(code, name),
  );
  const declared = wanted.map(([name, type]) => `declare const ${name}: ${type};`);
  return `${importsFor(code, publicNames())}${declared.join('\n')}\nexport {};\n${code}`;
}

const relaxed = { noUnusedLocals: false, noUnusedParameters: false };
const allExamples = () =>
  publicNames().flatMap(({ examples, ...of }) => examples.map((code) => ({ ...of, code })));

function complaintsOf(
  codes: readonly { code: string; file: string; name: string }[],
  withAround: (code: string) => string,
) {
  const sources = codes.map(({ code }, i) => ({
    path: `examples/public-${i}.ts`,
    code: withAround(code),
  }));
  return compilerComplaints(sources, relaxed).map(({ index, text }) => ({ index, text }));
}

function shown({ entry, name, file }: Pick<PublicName, 'entry' | 'name' | 'file'>): string {
  return `${entry}: ${name} (${file})`;
}

test('every public name is described, and has an example', () => {
  const names = publicNames();
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter(({ isDescribed }) => !isDescribed).map(shown)).toEqual([]);
  expect(names.filter((one) => one.examples.length === 0).map(shown)).toEqual([]);
});

test('every example compiles, and a wrong one would not', () => {
  const wrong = { name: 'users', entry: 'loadwright', file: 'wrong.ts' };
  const all = [...allExamples(), { ...wrong, code: 'users({ count: 1 });' }];
  const complaints = complaintsOf(all, around);
  const texts = complaints.map(({ index, text }) => `${shown(all[index]!)}: ${text}`);
  expect(texts.filter((text) => !text.includes('wrong.ts'))).toEqual([]);
  expect(texts.join('\n')).toContain('spawnRate');
});

test('an example that needs no test and no system runs', async ({}, testInfo) => {
  // A configuration is the runner's to open, and a reference service is a process.
  const alone = allExamples().filter(({ entry }) => !/config|reporter|reference/.test(entry));
  const bare = (code: string): string => `${importsFor(code, publicNames())}export {};\n${code}`;
  const faulty = new Set(complaintsOf(alone, bare).map(({ index }) => index));
  const runnable = alone.filter((_, i) => !faulty.has(i));
  const folder = testInfo.outputPath('examples');
  mkdirSync(folder, { recursive: true });
  const ran: string[] = [];
  for (const [i, { name, code }] of runnable.entries()) {
    const path = join(folder, `${name}-${i}.ts`);
    writeFileSync(path, bare(code));
    await test.step(name, () => import(pathToFileURL(path).href));
    ran.push(name);
  }
  for (const name of [
    'streamChat',
    'users',
    'stages',
    'arrivals',
    'defineUser',
    'datasetOf',
    'share',
    'settings',
  ]) {
    expect(ran).toContain(name);
  }
});
