/**
 * Every command in the README and the docs can be called: its script, command, project, spec, flags and settings
 * are there. tests/package/docs.spec.ts calls those of a user, from the tarball.
 */
import { expect, test } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { scenarios } from '../../fixtures/config.ts';
import { pairSchema } from '../../load/settings/pair-settings.ts';
import { settingsSchema } from '../../load/settings/settings.ts';
import { generalSettings } from '../../load/settings/system-variables.ts';
import { wrongVariables } from '../../load/settings/variables.ts';
import { systems } from '../../load/systems/systems.ts';
import { commandsIn, type DocsCommand } from '../examples/commands-in.ts';
import { pages } from '../examples/docs-pages.ts';

const commands = pages.flatMap(({ name, text }) => commandsIn(name, text));

interface Manifest {
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const { scripts, dependencies, devDependencies } = JSON.parse(
  readFileSync('package.json', 'utf8'),
) as Manifest;
const bin = readFileSync('fixtures/commands/loadwright.ts', 'utf8');
const ownProjects = [...readFileSync('playwright.config.ts', 'utf8').matchAll(/\bname: '(\w+)'/g)];
const projects = [
  ...scenarios,
  ...ownProjects.map(([, name = '']) => name),
  '*',
  '<scenario>',
  '…',
];
const runner = ['playwright/lib/program.js', 'playwright-core/lib/coreBundle.js']
  .map((file) => readFileSync(`node_modules/${file}`, 'utf8'))
  .join('\n');
/** Programs of others, and shell builtins. */
const others = /^(open|docker|kubectl|for|do|done|wait|echo|git|node|cd)$/;
/** Systems and files that stand for those of the reader. */
const stoodFor = /shop|session\.har|openapi\.yaml|…|<\w+/;

/** The problems of a command; empty if it can be called. */
function complaintsAbout({ where, variables, words }: DocsCommand): string[] {
  const [program = '', ...rest] = words;
  const complaints = [
    ...complaintsAboutVariables(variables),
    ...complaintsAboutProgram(program, rest),
  ];
  return complaints.map((text) => `${where}: ${words.join(' ')}: ${text}`);
}

function complaintsAboutProgram(program: string, words: readonly string[]): string[] {
  if (program === '' || program === '…' || others.test(program)) return [];
  if (program === 'npm') return complaintsAboutNpm(words);
  if (program === 'npx') return complaintsAboutNpx(words);
  if (program.includes('/') && existsSync(program)) {
    const [role = '', ...rest] = words;
    return role === 'slice' ? complaintsAboutTest(rest) : [];
  }
  return [`there is no ${program}`];
}

function complaintsAboutNpm([verb = '', ...words]: readonly string[]): string[] {
  if (verb === 'ci' || verb === 'test' || verb === 'pkg') return [];
  if (verb === 'i' || verb === 'install') {
    const names = words
      .filter((word) => !word.startsWith('-'))
      .map((word) => word.replace(/(?<=.)@.*/, ''));
    const known = ['loadwright', ...Object.keys({ ...dependencies, ...devDependencies })];
    return names.filter((name) => !known.includes(name)).map((name) => `no package ${name}`);
  }
  const [script = '', ...rest] = words;
  if (verb !== 'run' || scripts[script] === undefined) return [`no script ${script}`];
  const own = rest.filter((word) => word !== '--');
  if (script === 'load:systems') return complaintsAboutTest(own);
  return scripts[script].includes('loadwright.ts') ? complaintsAboutCommand(script, own) : [];
}

function complaintsAboutNpx([name = '', ...words]: readonly string[]): string[] {
  if (name === 'loadwright') return complaintsAboutCommand(words[0] ?? '', words.slice(1));
  if (name === 'playwright') {
    const [verb = '', ...rest] = words;
    if (verb === 'test') return complaintsAboutTest(rest);
    if (!runner.includes(`"${verb}`)) return [`playwright has no ${verb}`];
    return unknownFlags(rest, runner);
  }
  // The compiler and the like come with the packages here; the bundler of descriptions is only named.
  return name === 'tsc' || name === '@redocly/cli' ? [] : [`no program ${name}`];
}

function complaintsAboutCommand(name: string, words: readonly string[]): string[] {
  if (name === '--help' || /^<\w+>$|^…$/.test(name)) return [];
  if (!RegExp(`^  '?${name}'?: \\{ about`, 'm').test(bin)) return [`loadwright has no ${name}`];
  if (name === 'slices') return complaintsAboutTest(words.slice(1));
  return unknownFlags(words, sourcesOf(name));
}

/** The command's file and the files of load/ and fixtures/ that it imports; one of them contains its usage. */
function sourcesOf(command: string): string {
  const text = readFileSync(`fixtures/commands/${command}.ts`, 'utf8');
  const opened = [...text.matchAll(/from '\.\.\/((?:\.\.\/load|\w)[^']*)'/g)];
  const paths = opened.map(([, path = '']) =>
    path.replace(/^\.\.\//, '').replace(/^(?!load\/)/, 'fixtures/'),
  );
  return [text, ...paths.map((path) => readFileSync(path, 'utf8'))].join('\n');
}

function complaintsAboutTest(words: readonly string[]): string[] {
  const complaints = unknownFlags(words, runner);
  const named = words.filter((word) => word.startsWith('--project=')).map((word) => word.slice(10));
  complaints.push(
    ...named.filter((name) => !projects.includes(name)).map((name) => `no project ${name}`),
  );
  const filters = words.filter((word, i) => !word.startsWith('-') && words[i - 1] !== '-g');
  for (const filter of filters.filter((word) => !stoodFor.test(word))) {
    const spec = `tests/systems/${filter}.spec.ts`;
    if (!existsSync(spec) && !existsSync(filter)) complaints.push(`no test is in a file ${filter}`);
    else if (existsSync(spec)) {
      const text = readFileSync(spec, 'utf8');
      const absent = named.filter((name) => !text.includes(`'@${name}'`));
      complaints.push(...absent.map((name) => `${filter} has no ${name}`));
    }
  }
  return complaints;
}

function unknownFlags(words: readonly string[], usage: string): string[] {
  const flags = words.filter((word) => /^--?\w/.test(word)).map((word) => word.split('=')[0]!);
  return flags
    .filter((flag) => !RegExp(`${flag}(?![\\w-])`).test(usage))
    .map((flag) => `no ${flag}`);
}

/** Variables of others that the docs mention. */
const foreign = ['NODE_EXTRA_CA_CERTS', 'PLAYWRIGHT_BLOB_OUTPUT_FILE'];
const ofImage = [...readFileSync('deploy/run.sh', 'utf8').matchAll(/\$\{([A-Z_]+)/g)];
const ofSystems = Object.values(systems).flatMap(({ settings, keyVariable = [] }) => [
  ...Object.keys(settings?.shape ?? {}),
  keyVariable,
]);
const stems = [...Object.keys(systems), 'shop'].map((name) =>
  name.toUpperCase().replaceAll('-', '_'),
);
const ofEachSystem = stems.flatMap((stem) =>
  Object.keys(generalSettings).map((name) => name.replace('<SYSTEM>', stem)),
);
const ofServices = ['REFERENCE_SLOWDOWN', 'REFERENCE_FAULTS', 'BATCH_MAX_WAIT_MS'];
const variablesKnown = new Set([
  ...Object.keys(settingsSchema.shape),
  ...Object.keys(pairSchema.shape),
  ...ofSystems.flat(),
  ...ofEachSystem,
  ...ofServices,
  ...foreign,
  ...ofImage.map(([, name = '']) => name),
]);

function complaintsAboutVariables(variables: DocsCommand['variables']): string[] {
  const names = Object.keys(variables);
  const unknown = names.filter((name) => !variablesKnown.has(name));
  const stated = Object.entries(variables).map(([name, value]) => [
    name,
    value.replace('…', 'x'.repeat(16)),
  ]);
  return [
    ...unknown.map((name) => `no setting ${name}`),
    ...wrongVariables(settingsSchema, Object.fromEntries(stated) as Record<string, string>),
  ];
}

test('every command can be called as it is written', () => {
  expect(commands.length).toBeGreaterThan(60);
  expect(commands.flatMap(complaintsAbout)).toEqual([]);
});

test('a command with a wrong script, command, project, spec, flag or setting is found', () => {
  const wrong = [
    'npm run comprae -- a.json b.json',
    'npx loadwright watch',
    'npx loadwright monitor --hots http://localhost:8080',
    'npx playwright test --project=smok',
    'npx playwright test --project=smoke query-gatway',
    'npx playwright test --project=stress health-agent',
    'npx playwright test --repeat=3',
    'LOAD_USER=3 npx playwright test --project=custom',
    'LOAD_DURATION=10 npx playwright test --project=custom',
    'loadwright init',
  ];
  const page = `# A page\n\`\`\`sh\n${wrong.join('\n')}\n\`\`\`\nand \`npm run tset\`\n`;
  const found = commandsIn('page.md', page);
  expect(found).toHaveLength(wrong.length + 1);
  expect(found.filter((one) => complaintsAbout(one).length === 0)).toEqual([]);
});

test('every setting that the docs name is there', () => {
  // One is the example of a name that is not the suite's.
  const passedOver = ['LOAD_BALANCER_PORT'];
  const named = pages.flatMap(({ name: page, text }) =>
    [...text.matchAll(/\b(?:LOAD|PAIR|REFERENCE)_[A-Z_]*[A-Z]\b/g)].map(([name]) => ({
      page,
      name,
    })),
  );
  expect(named.length).toBeGreaterThan(100);
  const unknown = named.filter(({ name }) => ![...variablesKnown, ...passedOver].includes(name));
  expect(unknown).toEqual([]);
});
