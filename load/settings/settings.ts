/**
 * The suite's own settings, `LOAD_…`, read from the environment with one schema. Start reading here. The
 * settings of a system are in load/systems; those that every system has are in system-variables.ts.
 */
import { z } from 'zod';
import { commandCall } from '../platform/command-call.ts';
import { parseDurationMs, parseRatePerSecond } from '../platform/duration.ts';
import { nearestName } from '../platform/nearest-name.ts';
import { parseSlice } from '../workload/slice.ts';
import { parseThinkTime } from '../workload/think-time.ts';
import { budgetList } from './budget-list.ts';
import { parsedBy, wrongVariables, type Environment } from './variables.ts';

export const flag = z
  .enum(['0', '1'])
  .default('0')
  .transform((text) => text === '1');
const wholeNumber = matching(/^\d{1,9}$/, 'a whole number').transform(Number);
export const durationMs = parsedBy((text) => aboveZero(parseDurationMs(text, '')));
const durationText = asGiven((text) => aboveZero(parseDurationMs(text, '')));
const rateText = asGiven((text) => aboveZero(parseRatePerSecond(text, '')));
const thinkText = asGiven(parseThinkTime);

const nameCharacters = 'letters, digits, dots, hyphens and underscores';
const prefix = 'LOAD_';

/** The descriptions become the reference in docs/settings.md (`npm run docs`). */
export const settingsSchema = z.object({
  LOAD_TIME_SCALE: matching(/^\d*\.?\d+$/, 'a number above 0, at most 1')
    .transform(Number)
    .pipe(z.number().positive('a number above 0').max(1, 'at most 1'))
    .default(1)
    .describe(
      'Factor for the length of every phase of a load test, ramp-up included; the run is then *shortened*',
    ),
  LOAD_SEED: wholeNumber.default(1).describe('Seed of every random draw'),
  LOAD_USERS: wholeNumber
    .pipe(z.number().min(1, 'a whole number from 1 on'))
    .optional()
    .describe('`custom`: virtual users'),
  LOAD_SPAWN_RATE: rateText
    .optional()
    .describe('`custom`: users started per second, such as `10/s`'),
  LOAD_DURATION: durationText
    .optional()
    .describe('`custom`, `baseline`: length of the load, such as `2m`'),
  LOAD_THINK: thinkText.optional().describe('`custom`: think time, such as `2s`, `2s-5s` or `0`'),
  LOAD_RATE: rateText
    .optional()
    .describe('`custom`: arrivals per second of an open model, such as `50/s`'),
  LOAD_BUDGETS: parsedBy(budgetList)
    .optional()
    .describe(
      '`custom`: limits such as `p95<2s,errorRate<1%`; without them only the default budgets',
    ),
  LOAD_WARM_UP: durationText
    .optional()
    .describe(
      'Length of a warm-up before each load, such as `30s`. It is discarded: it counts in no budget, baseline or figure',
    ),
  LOAD_TARGET: matching(
    /^https?:\/\/[^\s/?#@]+[^\s?#@]*$/i,
    'an address such as http://localhost:8080',
  )
    .refine((text) => URL.canParse(text), 'an address such as http://localhost:8080')
    .optional()
    .describe('Address of the system under load, before [every other](#the-address-of-a-system)'),
  LOAD_STREAM: flag.describe('`custom`: `1` sends streamed chats, if the system has them'),
  LOAD_SAMPLES: flag.describe('`1` writes every request to `<test id>.samples.jsonl.gz`'),
  LOAD_MONITOR_INTERVAL: durationMs
    .pipe(z.number().min(500, 'at least 500ms'))
    .default(5000)
    .describe('How often the monitor reads the system, such as `10s`; default `5s`'),
  LOAD_QUIET: flag.describe('`1` prints only verdicts and failures'),
  LOAD_DASHBOARD: matching(/^\d{1,5}$/, '1, or a port from 1024 to 65535')
    .transform(Number)
    .refine(
      (port) => port <= 1 || (port >= 1024 && port <= 65_535),
      '1, or a port from 1024 to 65535',
    )
    .default(0)
    .describe(
      'Shows the loads in a browser as they run, at the address that is printed. The value is a port, or `1` for any free port',
    ),
  LOAD_ALLOW_HOSTS: z
    .string()
    .default('')
    .transform((text) => text.split(',').map((host) => host.trim()))
    .transform((hosts) => hosts.filter((host) => host !== ''))
    .refine((hosts) => hosts.every(isHost), 'names of hosts or addresses, without scheme and port')
    .describe('Hosts to which load may be sent besides this machine, separated by commas'),
  LOAD_ENVIRONMENT: matching(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens')
    .default('local')
    .describe(
      'Name of the environment, and of its folder of baselines: `baselines/<environment>/`',
    ),
  LOAD_HISTORY: flag.describe(
    '`1` adds a line for each load to `baselines/<environment>/history/`',
  ),
  LOAD_SLICE: parsedBy(parseSlice)
    .optional()
    .describe("This process's share of every load, such as `2/4`; the merge gives the verdict"),
  LOAD_START_AT: matching(/^\d{13}$/, 'epoch milliseconds, 13 digits')
    .transform(Number)
    .optional()
    .describe('When the slices of a single load start, in epoch milliseconds'),
  LOAD_COORDINATOR: z
    .url({ protocol: /^https?$/, error: 'an address such as http://127.0.0.1:7070' })
    .optional()
    .describe('Address of the coordinator. It starts the slices of each load together'),
  LOAD_COORDINATOR_SECRET: matching(/^[\x21-\x7e]{16,200}$/, '16 to 200 visible characters')
    .optional()
    .describe("The coordinator's secret, the same for all slices"),
  LOAD_COORDINATOR_PATIENCE: durationMs
    .default(60_000)
    .describe('How long a slice waits for a coordinator that does not answer yet; default `60s`'),
  LOAD_COMMIT: matching(/^[\w.-]{1,80}$/, nameCharacters)
    .optional()
    .describe(
      'Commit of the suite, which must be the same in all slices; default: the commit that git has checked out',
    ),
  LOAD_MAX_MINUTES: wholeNumber
    .pipe(z.number().min(1))
    .default(180)
    .describe('A load test that takes longer than this many minutes is refused; default 180'),
  LOAD_RUN_ID: matching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, nameCharacters)
    .default('unnamed')
    .describe('Name of the run; default: UTC time and four random letters'),
  LOAD_RUN_DIR: z
    .string()
    .min(1)
    .default('reports/unnamed')
    .describe('Folder of the run; default `reports/<run id>`'),
});

/**
 * The settings in the environment, parsed and checked, by name.
 * @example
 * const { LOAD_SEED, LOAD_TIME_SCALE }: Settings = settings();
 */
export type Settings = z.infer<typeof settingsSchema>;

/**
 * Reads the settings from an environment. Throws one error that names every wrong setting, its value and
 * what is accepted, and every `LOAD_…` name that is close to a known one.
 */
export function readSettings(environment: Environment): Settings {
  const wrong = wrongSettings(environment);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  return settingsSchema.parse(environment);
}

/** A line for each wrong setting. */
export function wrongSettings(environment: Environment): string[] {
  const given = Object.keys(environment).filter((name) => environment[name] !== undefined);
  return [
    ...given.flatMap(misspeltAs),
    ...wrongVariables(settingsSchema, environment),
    ...misfitsAmong(given),
  ];
}

/** Other `LOAD_…` names, such as `LOAD_BALANCER_PORT`, are not the suite's and are ignored. */
function misspeltAs(name: string): string[] {
  const known = Object.keys(settingsSchema.shape);
  if (!name.startsWith(prefix) || known.includes(name)) return [];
  const own = name.slice(prefix.length);
  const candidates = known.map((one) => one.slice(prefix.length));
  const meant = nearestName(own, candidates, Math.round(own.length / 3));
  return meant === undefined ? [] : [`${name}: no such setting; did you mean ${prefix}${meant}?`];
}

/** Settings of slices that exclude or require each other. */
function misfitsAmong(given: readonly string[]): string[] {
  const names = ['LOAD_SLICE', 'LOAD_START_AT', 'LOAD_COORDINATOR', 'LOAD_COORDINATOR_SECRET'];
  const [slice, startAt, coordinator, secret] = names.map((name) => given.includes(name));
  const misfits: (false | string | undefined)[] = [
    slice &&
      !startAt &&
      !coordinator &&
      'LOAD_SLICE: nothing starts the slices together; set LOAD_COORDINATOR, or for a single load ' +
        `LOAD_START_AT (${commandCall('slices')} does it all on one machine)`,
    startAt &&
      coordinator &&
      'LOAD_START_AT: LOAD_COORDINATOR is set, which decides when to start; set only one of them',
    startAt && !slice && 'LOAD_START_AT: only slices wait for it; set LOAD_SLICE, such as 2/4',
    coordinator && !slice && 'LOAD_COORDINATOR: only slices need it; set LOAD_SLICE, such as 2/4',
    coordinator && !secret && 'LOAD_COORDINATOR: needs LOAD_COORDINATOR_SECRET as well',
    secret && !coordinator && 'LOAD_COORDINATOR_SECRET: needs LOAD_COORDINATOR as well',
  ];
  return misfits.filter((text) => typeof text === 'string');
}

function matching(pattern: RegExp, accepted: string) {
  return z.string().regex(pattern, accepted);
}

/** `staging.example.com`, `10.0.0.7`, `[fd00::7]`. */
function isHost(text: string): boolean {
  return /^[\w.-]+$/.test(text) || /^\[?[\da-f:.]*:[\da-f:.]*\]?$/i.test(text);
}

function aboveZero(value: number): number {
  if (value > 0) return value;
  throw new Error('must be above 0');
}

/** Checks a setting that shapes a workload and keeps its text; the workload parses it. */
function asGiven(parse: (text: string) => unknown) {
  return parsedBy((text) => {
    parse(text);
    return text;
  });
}

let known: { readonly environment: NodeJS.ProcessEnv; readonly settings: Settings } | undefined;

/**
 * The settings of this process. They are read at the first use, and again if the environment has changed.
 * @example
 * settings().LOAD_SEED; // 1, unless the environment says otherwise
 */
export function settings(): Settings {
  const environment = process.env;
  if (known?.environment !== environment)
    known = { environment, settings: readSettings(environment) };
  return known.settings;
}
