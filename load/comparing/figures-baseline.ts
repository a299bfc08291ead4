/**
 * The command `baselines`: turns existing figures into a baseline of plain figures, one committed file
 * for all systems, in the format of the earlier pipelines.
 */
import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isSameSystem } from '../baselines/tolerances.ts';
import { givenPath, type Caller } from '../platform/caller.ts';
import { commandCall } from '../platform/command-call.ts';
import { linesOfJson, readJsonFile } from '../platform/json-file.ts';
import { writeWhole } from '../platform/whole-file.ts';
import { settingsSchema } from '../settings/settings.ts';
import { readVariables } from '../settings/variables.ts';
import { figuresBaselineName, readFigures } from './compare.ts';
import { namedThere, plainFigures, type FiguresEntry, type FiguresFile } from './plain-figures.ts';

const usage = `${commandCall('baselines')} <file>… [options]

  <file>            results.json of a run (reports/latest/results.json), a CSV of Locust or with a row per
                    service, or plain figures (JSON)

  --output <file>   default: baselines/<environment>/${figuresBaselineName}; LOAD_ENVIRONMENT names the environment
  --system <name>   the system of a CSV; default: the name of the file without _stats.csv
  --help

Writes the figures of each system with the time of the measurement, or of the file if a CSV has none. They
replace earlier figures of the same name; all others in the file stay. A single load of a system is stored
under the name of the system, several under the names of their tests. From a results.json only loads that
passed at full length are written. Exit code: 0 all written, 1 something was left out, 2 nothing could be
written.
`;

const options = {
  output: { type: 'string' },
  system: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const;

const ofCommand = settingsSchema.pick({ LOAD_ENVIRONMENT: true });

/**
 * Returns the exit code, as described in `--help`. Throws, in words for the user, if nothing can be
 * written.
 */
export function writeFiguresBaseline(words: readonly string[], caller: Caller): number {
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
  if (values.help) {
    caller.print(usage);
    return 0;
  }
  if (positionals.length === 0) throw new Error(`takes files with figures\n\n${usage}`);
  const { LOAD_ENVIRONMENT: environment } = readVariables(ofCommand, caller.environment);
  const here = (path: string): string => givenPath(path, caller.environment);
  const paths = positionals.map(here);
  const output =
    values.output === undefined
      ? join('baselines', environment, figuresBaselineName)
      : here(values.output);
  if (paths.some((path) => resolve(path) === resolve(output))) {
    throw new Error(`--output ${output}: would overwrite a given file`);
  }
  const files = paths.map((path) => readFigures(path, values.system));
  const unusable = files.flatMap((file) => file.unusable ?? []);
  const notes = [...unusable, ...files.flatMap((file) => file.notes)];
  const read = files.flatMap(dated);
  const fit = read.filter(({ unfit }) => unfit === undefined);
  const leftOut = read.flatMap(({ test, unfit }) =>
    unfit === undefined ? [] : `${test}: ${unfit}`,
  );
  if (fit.length === 0) throw new Error(['nothing to write', ...leftOut].join('; '));
  const figures = byName(fit);
  const kept = Object.entries(knownIn(output)).filter(
    ([name]) => ![...figures.keys()].some((own) => isSameSystem(own, name)),
  );
  mkdirSync(dirname(output), { recursive: true });
  writeWhole(output, linesOfJson(Object.fromEntries([...kept, ...figures])));
  for (const line of notes) caller.print(`note      ${line}\n`);
  for (const line of leftOut) caller.print(`left out  ${line}\n`);
  const others = kept.map(([name]) => name).filter((name) => name !== 'schema');
  const beside = others.length === 0 ? '' : ` beside ${others.join(', ')}`;
  caller.print(`written   ${output}: ${[...figures.keys()].join(', ')}${beside}\n`);
  caller.print(
    `next      commit it; ${commandCall('compare')} ${output} <results of another run>\n`,
  );
  return leftOut.length + unusable.length === 0 ? 0 : 1;
}

type Dated = FiguresEntry & { readonly timestamp: string };

function dated({ path, entries }: FiguresFile): Dated[] {
  const ofFile = statSync(path).mtime.toISOString();
  return entries.map((entry) => ({ ...entry, timestamp: toTheSecond(entry.timestamp ?? ofFile) }));
}

/** `2025-10-17T05:15:19Z`; text that is not a time stays as it is. */
function toTheSecond(time: string): string {
  const date = new Date(time);
  return Number.isNaN(date.getTime()) ? time : date.toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Throws if two entries have one name, since either could be the baseline. */
function byName(entries: readonly Dated[]): Map<string, object> {
  const named = new Map<string, object>();
  for (const entry of entries) {
    const name = nameOf(entry, entries);
    if ([...named.keys()].some((known) => isSameSystem(known, name))) {
      throw new Error(`${name}: given twice; accepted is one measurement of each`);
    }
    named.set(name, namedThere(entry.figures, entry.timestamp));
  }
  return named;
}

function nameOf({ test, system }: Dated, entries: readonly Dated[]): string {
  if (test === system) return test;
  const ofSystem = entries.filter((one) => isSameSystem(one.system, system));
  return ofSystem.length === 1 ? system.replaceAll('-', '_') : test;
}

/** The current content of the file. Throws if it is not a file of plain figures. */
function knownIn(path: string): Readonly<Record<string, unknown>> {
  if (!existsSync(path)) return {};
  const json = readJsonFile(path);
  plainFigures(json, path);
  return json as Readonly<Record<string, unknown>>;
}
