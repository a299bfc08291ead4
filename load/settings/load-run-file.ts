/**
 * A load run as a file, `load-runs/<name>.json`: which scenario of which system runs, with which
 * settings. One file may name two systems, which run side by side. Its values are the settings of
 * `settings.ts` with shorter names, and are checked in the same way. Allowed hosts are not in the file;
 * only the environment names them.
 */
import { z } from 'zod';
import { formatMs, parseDurationMs, parseRatePerSecond } from '../platform/duration.ts';
import { isObject } from '../platform/json-file.ts';
import { customSettings } from '../workload/custom.ts';
import { isHostAllowed } from './allowed-hosts.ts';
import { hasOwnLength } from './load-project.ts';
import { settingsSchema, type Settings } from './settings.ts';
import { readVariables, type Environment } from './variables.ts';

/** The folder of these files, from the repository's root. */
export const loadRunsFolder = 'load-runs';

/** The settings among the fields, with their names in the environment. */
const settingOf = {
  users: 'LOAD_USERS',
  spawnRate: 'LOAD_SPAWN_RATE',
  duration: 'LOAD_DURATION',
  rate: 'LOAD_RATE',
  target: 'LOAD_TARGET',
  timeScale: 'LOAD_TIME_SCALE',
  seed: 'LOAD_SEED',
} as const;
type SettingField = keyof typeof settingOf;
const settingFields = Object.keys(settingOf) as SettingField[];

/** These are always set for a load run, with their defaults if the file does not state them. */
export const settingsOfLoadRuns: readonly string[] = Object.values(settingOf);

const rateText = z.union([z.string(), z.number()]).superRefine(asSetting('LOAD_SPAWN_RATE'));

const systemText = 'the name of its spec without .spec.ts, such as shop';
const scenarioText = 'the name of a scenario, such as smoke or custom';

const entryFields = {
  system: z
    .string(systemText)
    .regex(/^[A-Za-z0-9][\w-]*(?:[./][\w-]+)*$/, systemText)
    .max(200, 'at most 200 characters')
    .describe('The system: the name of its spec file, without `.spec.ts`'),
  scenario: z
    .string(scenarioText)
    .regex(/^[a-z][a-z\d]*(-[a-z\d]+)*$/, scenarioText)
    .max(100, 'at most 100 characters')
    .describe('The scenario, which is a project and a tag'),
  users: z
    .number()
    .superRefine(asSetting('LOAD_USERS'))
    .optional()
    .describe('`custom`: virtual users'),
  spawnRate: rateText
    .optional()
    .describe('`custom`: users started per second, a number or such as `10/s`'),
  duration: z
    .string()
    .superRefine(asSetting('LOAD_DURATION'))
    .optional()
    .describe('`custom`, `baseline`: length of the load, such as `2m`'),
  rate: rateText
    .optional()
    .describe('`custom`: an open model with so many arrivals per second, or such as `50/s`'),
  target: z
    .string()
    .superRefine(asSetting('LOAD_TARGET'))
    .optional()
    .describe('Address of the system, on a host that the environment allows'),
  timeScale: z
    .number()
    .superRefine(asSetting('LOAD_TIME_SCALE'))
    .optional()
    .describe('Scales every phase, above 0 and at most 1'),
  seed: z
    .number()
    .superRefine(asSetting('LOAD_SEED'))
    .optional()
    .describe('Seed of every random draw, a whole number'),
};

const entrySchema = z.strictObject(entryFields, fieldsText(entryFields));

const nameText = 'letters, digits, dots, hyphens and underscores, at most 64';

const fileFields = {
  $schema: z.string().optional().describe('Where an editor finds this schema'),
  name: z
    .string(nameText)
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, nameText)
    .describe('Names the file, too: `load-runs/<name>.json`'),
  runs: z
    .array(entrySchema, 'a list of one or two runs')
    .min(1, 'a list of one or two runs')
    .max(2, 'a list of one or two runs')
    .describe('One run, or two side by side'),
};

/** The fields of a file. `loadRunProblems` also checks the combination of its fields. */
export const loadRunFileSchema = z.strictObject(fileFields, fieldsText(fileFields));

export interface LoadRunEntry {
  readonly system: string;
  readonly scenario: string;
  readonly users?: number | undefined;
  readonly spawnRate?: number | string | undefined;
  readonly duration?: string | undefined;
  readonly rate?: number | string | undefined;
  readonly target?: string | undefined;
  readonly timeScale?: number | undefined;
  readonly seed?: number | undefined;
}

export interface LoadRunFile {
  readonly name: string;
  /** One entry, or two that run side by side. */
  readonly runs: readonly LoadRunEntry[];
}

/** A problem with one field. */
export interface LoadRunProblem {
  /** Its path, such as `runs.0.users`. */
  readonly field: string;
  /** The given value; undefined if it is missing. */
  readonly value: unknown;
  readonly accepted: string;
}

/**
 * The problems of a file with any content; empty if it may be started. `environment`: its
 * `LOAD_ALLOW_HOSTS` says which hosts may be loaded, its `LOAD_MAX_MINUTES` how long.
 * @example
 * loadRunProblems({ name: 'x', runs: [{ system: 'shop', scenario: 'custom', users: 0 }] }, process.env);
 * // [{ field: 'runs.0.users', value: 0, accepted: '…at least 1' }]
 */
export function loadRunProblems(file: unknown, environment: Environment): LoadRunProblem[] {
  const parsed = loadRunFileSchema.safeParse(file);
  if (!parsed.success) {
    const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, file));
    // A value that has a length but is no list breaks two rules; only one is reported.
    return problems.filter(
      ({ field, accepted }, i) =>
        problems.findIndex((one) => one.field === field && one.accepted === accepted) === i,
    );
  }
  const bounds = readVariables(
    settingsSchema.pick({ LOAD_ALLOW_HOSTS: true, LOAD_MAX_MINUTES: true }),
    environment,
  );
  const { runs } = parsed.data;
  return [...runs.flatMap((entry, i) => misfits(entry, `runs.${i}.`, bounds)), ...clash(runs)];
}

/** The problems as lines of a message. */
export function problemLines(problems: readonly LoadRunProblem[]): string[] {
  return problems.map(({ field, value, accepted }) => {
    const shown = value === undefined ? 'nothing' : JSON.stringify(value);
    return `${field}: ${shown}; accepted: ${accepted}`;
  });
}

/** The settings of an entry, for the environment of its process. */
export function loadRunSettings(entry: LoadRunEntry): Record<string, string> {
  const given = settingFields.filter((field) => entry[field] !== undefined);
  return Object.fromEntries(given.map((field) => [settingOf[field], String(entry[field])]));
}

function problemsOf(issue: z.core.$ZodIssue, file: unknown): LoadRunProblem[] {
  const at = (path: readonly PropertyKey[]): LoadRunProblem => ({
    field: path.join('.') || 'file',
    value: path.reduce<unknown>(memberOf, file),
    // The message already shows the value, so the parser's own mention is removed.
    accepted: issue.message.replace(/^.*\baccepted(?: is)?:? /, ''),
  });
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => at([...issue.path, key]));
  return [at(issue.path)];
}

function memberOf(value: unknown, key: PropertyKey): unknown {
  return isObject(value) || Array.isArray(value)
    ? (value as Readonly<Record<PropertyKey, unknown>>)[key]
    : undefined;
}

/** Fields that are valid on their own, but not together or not in this environment. */
function misfits(
  entry: LoadRunEntry,
  at: string,
  { LOAD_ALLOW_HOSTS, LOAD_MAX_MINUTES }: Pick<Settings, 'LOAD_ALLOW_HOSTS' | 'LOAD_MAX_MINUTES'>,
): LoadRunProblem[] {
  const { scenario, users, spawnRate, duration, rate, target, timeScale = 1 } = entry;
  const problem = (field: SettingField, accepted: string): LoadRunProblem => ({
    field: `${at}${field}`,
    value: entry[field],
    accepted,
  });
  const shaping = settingFields.filter(
    (field) => entry[field] !== undefined && isOf(customSettings, settingOf[field]),
  );
  const isMisplaced = (field: SettingField): boolean =>
    scenario !== 'custom' && !(field === 'duration' && hasOwnLength(scenario));
  const minutes = duration === undefined ? 0 : (timeScale * parseDurationMs(duration, '')) / 60_000;
  const rampMs = rampOf(users ?? 10, spawnRate);
  const durationMs = parseDurationMs(duration ?? '1m', '');
  const problems: (LoadRunProblem | false)[] = [
    ...shaping
      .filter(isMisplaced)
      .map((field) => problem(field, `nothing: it shapes the scenario custom, not ${scenario}`)),
    ...(['users', 'spawnRate'] as const)
      .filter((field) => rate !== undefined && entry[field] !== undefined)
      .map((field) => problem(field, 'nothing beside rate, which makes an open model')),
    scenario === 'custom' &&
      rate === undefined &&
      rampMs >= durationMs &&
      problem('duration', `more than the ${formatMs(rampMs)} in which its users start`),
    minutes > LOAD_MAX_MINUTES &&
      problem('duration', `at most LOAD_MAX_MINUTES, ${LOAD_MAX_MINUTES} minutes`),
    target !== undefined &&
      !isHostAllowed(new URL(target).hostname, LOAD_ALLOW_HOSTS) &&
      problem('target', hostsText(LOAD_ALLOW_HOSTS)),
    target !== undefined &&
      scenario === 'pair' &&
      problem('target', 'nothing: the sides of a pair have addresses of their own'),
  ];
  return problems.filter((one) => one !== false);
}

function rampOf(users: number, spawnRate: number | string | undefined): number {
  return (users / parseRatePerSecond(spawnRate ?? users, '')) * 1000;
}

function hostsText(allowed: readonly string[]): string {
  const hosts = ['this machine', ...allowed].join(', ');
  return `an address on ${hosts}; LOAD_ALLOW_HOSTS names others, and a file can't`;
}

/** Two loads at once on one target would disturb each other's measurement. */
function clash([first, second]: readonly LoadRunEntry[]): LoadRunProblem[] {
  if (first?.target === undefined || second?.target === undefined) return [];
  if (new URL(first.target).host !== new URL(second.target).host) return [];
  const accepted = 'another target: two loads at once on one target would disturb each other';
  return [{ field: 'runs.1.target', value: second.target, accepted }];
}

/** Checks a value in the form of the setting's text in the environment. */
function asSetting(name: keyof typeof settingsSchema.shape) {
  return (value: unknown, context: z.RefinementCtx): void => {
    for (const { message } of settingsSchema.shape[name].safeParse(String(value)).error?.issues ??
      []) {
      context.addIssue({ code: 'custom', message });
    }
  };
}

/** The message for a value that is not an object or has unknown fields. */
function fieldsText(fields: z.ZodRawShape): string {
  return `an object with fields among ${Object.keys(fields).join(', ')}`;
}

function isOf(names: readonly string[], name: string): boolean {
  return names.some((one) => one === name);
}

/** The JSON schema as text, for the file in docs/. */
export function loadRunJsonSchema(): string {
  const schema = z.toJSONSchema(loadRunFileSchema);
  return `${JSON.stringify({ ...schema, title: 'A load run of Loadwright' }, null, 2)}\n`;
}
