/** Every setting of the suite, read from the environment once, judged by one schema. */
import { z } from 'zod';
import { parseDurationMs } from '../platform/duration.ts';
import { nearestName } from '../platform/nearest-name.ts';
import {
  durationText,
  flag,
  healthPath,
  loopbackAddress,
  nameOrNothing,
  path,
  rateText,
  sliceText,
  thinkText,
  toCommand,
  wholeNumber,
} from './setting-texts.ts';

/** What each is for stands in the README; a test compares the two. */
export const settingsSchema = z.object({
  LOAD_TIME_SCALE: z
    .string()
    .regex(/^\d*\.?\d+$/, 'a number above 0, at most 1')
    .transform(Number)
    .pipe(z.number().positive().max(1))
    .default(1)
    .describe('Scales every phase of a load test, ramp-up included; such a run is *shortened*'),
  LOAD_SEED: wholeNumber.default(1).describe('Seed of every random draw'),
  LOAD_USERS: wholeNumber.pipe(z.number().min(1)).optional().describe('`custom`: virtual users'),
  LOAD_SPAWN_RATE: rateText
    .optional()
    .describe('`custom`: users started per second, such as `10/s`'),
  LOAD_DURATION: durationText
    .optional()
    .describe('`custom`, `baseline`: length of the load, such as `2m`'),
  LOAD_THINK: thinkText.optional().describe('`custom`: think time, such as `2s`, `2s-5s` or `0`'),
  LOAD_RATE: rateText
    .optional()
    .describe('`custom`: an open model with so many arrivals, such as `50/s`'),
  LOAD_STREAM: flag.describe('`custom`: `1` has the API gateway stream its chats'),
  LOAD_SAMPLES: flag.describe('`1` writes every request to `<test id>.samples.jsonl.gz`'),
  LOAD_MONITOR_INTERVAL: durationText
    .default('5s')
    .transform((text) => parseDurationMs(text, ''))
    .pipe(z.number().min(500, 'at least 500ms'))
    .describe('How often the monitor reads the system, such as `10s`; default `5s`'),
  LOAD_TRIES: wholeNumber
    .pipe(z.number().min(1).max(9))
    .default(4)
    .describe(
      '`smoke`: how often a load is measured at most, where this machine disturbs it; default `4`',
    ),
  LOAD_QUIET: flag.describe('`1` prints only verdicts and failures'),
  LOAD_ALLOW_HOSTS: z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((host) => host.trim())
        .filter((host) => host !== ''),
    )
    .describe('Hosts besides loopback that may be sent load, with commas between'),
  LOAD_ENVIRONMENT: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'lower-case letters, digits and hyphens')
    .default('local')
    .describe('Whose baselines a load is compared with: `baselines/<environment>/`'),
  LOAD_HISTORY: flag.describe(
    '`1` adds a line for each load to `baselines/<environment>/history/`',
  ),
  LOAD_SLICE: sliceText
    .optional()
    .describe("This process's share of every load, such as `2/4`; the merge gives the verdict"),
  LOAD_START_AT: z
    .string()
    .regex(/^\d{13}$/, 'epoch milliseconds, 13 digits')
    .transform(Number)
    .optional()
    .describe('When the slices of one single load start, in epoch milliseconds'),
  LOAD_COORDINATOR: z
    .url({ protocol: /^http$/, error: 'an address such as http://127.0.0.1:7070' })
    .optional()
    .describe('Address of the coordinator, at which the slices of a run meet before each load'),
  LOAD_COORDINATOR_SECRET: z
    .string()
    .regex(/^[\x21-\x7e]{16,200}$/, '16 to 200 visible characters')
    .optional()
    .describe("The coordinator's secret, the same for all slices"),
  LOAD_COORDINATOR_PATIENCE: durationText
    .default('60s')
    .transform((text) => parseDurationMs(text, ''))
    .describe('How long a slice waits for a coordinator that is not there yet; default `60s`'),
  LOAD_COMMIT: z
    .string()
    .regex(/^[\w.-]{1,80}$/, 'letters, digits, dots, hyphens and underscores')
    .optional()
    .describe('Commit of the suite, the same in all slices; default: what git has checked out'),
  LOAD_MAX_MINUTES: wholeNumber
    .pipe(z.number().min(1))
    .default(180)
    .describe('Longest load test that may start, in minutes'),
  LOAD_RUN_ID: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'letters, digits, dots, hyphens and underscores')
    .default('unnamed')
    .describe('Name of the run; default: UTC time and four random letters'),
  LOAD_RUN_DIR: z
    .string()
    .min(1)
    .default('reports/unnamed')
    .describe('Folder of the run; default `reports/<run id>`'),
  API_GATEWAY_HEALTH: healthPath,
  RAG_SERVICE_HEALTH: healthPath,
  MCP_HEALTH: healthPath,
  HEALTH_AGENT_HEALTH: healthPath,
  QUERY_GATEWAY_HEALTH: healthPath,
  RESOURCE_AGENT_HEALTH: healthPath,
  API_GATEWAY_MODEL: nameOrNothing.describe(
    'Model that chats ask for; default: the first that `/v1/models` lists',
  ),
  API_GATEWAY_PROMPTS: nameOrNothing.describe(
    'JSONL file of `{"prompt": …}` or `{"messages": …}`, each with `max_tokens` if wanted',
  ),
  API_GATEWAY_STREAM_END: z
    .enum(['both', 'finish-reason', 'done'])
    .default('both')
    .describe(
      'What a whole stream ends with: `finish-reason`, `done` (`[DONE]`), or `both`, the default',
    ),
  API_GATEWAY_FIXED_LENGTH: z
    .enum(['ignore-eos', 'min-tokens', 'both'])
    .optional()
    .describe('What asks the server for answers of exactly `max_tokens`, where it knows them'),
  MCP_TRANSPORT: z
    .enum(['http', 'rest', 'stdio'])
    .optional()
    .describe('`http` (Streamable HTTP, default), `rest` or `stdio`'),
  MCP_SERVER_COMMAND: z
    .string()
    .transform(toCommand)
    .optional()
    .describe('Program and arguments of a server on stdio, quoted as in a shell'),
  MCP_PROTOCOL: z
    .enum(['auto', '2026-07-28', '2025-11-25'])
    .default('auto')
    .describe('`auto` (negotiated), or a version to hold to'),
  MCP_ENDPOINT: path.default('/mcp').describe('Path of the MCP endpoint'),
  MCP_TOOLS: z
    .string()
    .min(1)
    .optional()
    .describe("JSON file with the server's own names of tools and arguments"),
  MCP_SANDBOX_ROOT: path.optional().describe("Root of the server's sandbox"),
  MCP_CANARY_DIR: path.optional().describe('Folder for canaries, outside the sandbox'),
  MCP_PAGES_URL: loopbackAddress
    .optional()
    .describe('Where the tests serve pages that the server may fetch'),
});

export type Settings = z.infer<typeof settingsSchema>;

/**
 * Reads the settings out of an environment. Throws one error that names every wrong setting, its value
 * and what is accepted, and every unknown `LOAD_…` name with the nearest known one.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const known = Object.keys(settingsSchema.shape);
  const complaints: string[] = [];
  const given: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    if (known.includes(name)) given[name] = value;
    // Only these are the suite's own from the first letter on.
    else if (name.startsWith('LOAD_'))
      complaints.push(`${name}: no such setting; ${suggestion(name, known)}`);
  }
  const parsed = settingsSchema.safeParse(given);
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    const value = name.endsWith('_SECRET') ? '…' : JSON.stringify(given[name]);
    complaints.push(`${name}=${value}: ${issue.message}`);
  }
  complaints.push(...misfitsAmong(given));
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  return parsed.data!;
}

/** Settings of slices that make no sense together, or alone. */
function misfitsAmong(given: Readonly<Record<string, string>>): string[] {
  const has = (name: string): boolean => given[name] !== undefined;
  const [slice, startAt, coordinator, secret] = [
    ...['LOAD_SLICE', 'LOAD_START_AT', 'LOAD_COORDINATOR', 'LOAD_COORDINATOR_SECRET'].map(has),
  ];
  const misfits: (false | string | undefined)[] = [
    slice &&
      !startAt &&
      !coordinator &&
      'LOAD_SLICE: how the slices meet is missing; set LOAD_COORDINATOR, or for a single load ' +
        'LOAD_START_AT (npm run slices does all of it on one machine)',
    startAt && coordinator && 'LOAD_START_AT: the coordinator says when; set one of the two',
    startAt && !slice && 'LOAD_START_AT: only slices wait for it; set LOAD_SLICE, such as 2/4',
    coordinator && !slice && 'LOAD_COORDINATOR: only slices need it; set LOAD_SLICE, such as 2/4',
    coordinator && !secret && 'LOAD_COORDINATOR: wants LOAD_COORDINATOR_SECRET, too',
    secret && !coordinator && 'LOAD_COORDINATOR_SECRET: wants LOAD_COORDINATOR, too',
  ];
  return misfits.filter((text) => typeof text === 'string');
}

function suggestion(name: string, known: readonly string[]): string {
  const meant = nearestName(name, known);
  return meant === undefined ? `known are ${known.join(', ')}` : `did you mean ${meant}?`;
}

/** The settings of this process. */
export function settings(): Settings {
  return readSettings(process.env);
}
