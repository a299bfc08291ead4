/**
 * A load's labels, by which Allure sorts tests into trees, and its parameters. The runtime API of
 * allure-js-commons would attach the same message with the name "Allure Metadata", which Playwright's own
 * report shows. A name that begins with an underscore is hidden there, and Allure checks only the content
 * type.
 */
import { shortCommit } from '../../settings/commit.ts';
import { verdictLabel, type ToldVerdict } from './categories.ts';
import { environmentOf } from './environment.ts';
import type { Plan } from '../../metrics/log/schema.ts';
import { defined } from '../../platform/defined.ts';
import { formatMs } from '../../platform/duration.ts';

const contentType = 'application/vnd.allure.message+json';
export const metadataName = '_allure metadata';
/** The message with the result of a load. */
export const outcomeName = '_load';

/** `earlier`: how many loads of the test were announced before. Labels come from the first only. */
export function allureMetadata(plan: Plan, earlier: number) {
  const labels = earlier > 0 ? [] : labelsOf(plan);
  const parameters = allureParameters(loadParameters(plan), loadName(plan, earlier));
  const environment = environmentOf(plan);
  return hiddenFacts(metadataName, { environment }, { labels, parameters });
}

/** Names and values for the page of a test. */
export function allureParameters(values: Readonly<Record<string, string>>, load = '') {
  return Object.entries(values).map(([name, value]) => ({
    name: load === '' ? name : `${name} (${load})`,
    value,
    // Excluded from the history: otherwise a new seed or port would begin a new history of the test.
    excluded: true,
  }));
}

/** A load's name within its test, to tell it from the main load: `recovery`, `load 2`; empty for the main load. */
export function loadName({ part }: Pick<Plan, 'part'>, earlier: number): string {
  return part ?? (earlier > 0 ? `load ${earlier + 1}` : '');
}

/** The label by which Allure chooses the test's category. */
export function verdictLabels(verdict: ToldVerdict) {
  return [{ name: verdictLabel, value: verdict }];
}

interface AllureData {
  readonly labels?: readonly { readonly name: string; readonly value: string }[];
  readonly parameters?: ReturnType<typeof allureParameters>;
  readonly description?: string;
}

/**
 * Fields that only this suite's reporters read. Playwright's report hides the name, and Allure removes
 * `data` from the message.
 */
export function hiddenFacts(name: string, facts: object, data: AllureData = {}) {
  const body = Buffer.from(JSON.stringify({ type: 'metadata', data, ...facts }));
  return { name, contentType, body };
}

/** How the load was made, for readers, without credentials. */
export function loadParameters(plan: Plan): Record<string, string> {
  const { streams, target, seed, timeScale, shortened, slice, merged } = plan;
  const { flags } = plan;
  const { commit } = plan.versions;
  const several = streams.length > 1;
  const ofStreams = (textOf: (stream: Plan['streams'][number]) => string): string =>
    streams.map((one) => (several ? `${one.name}: ${textOf(one)}` : textOf(one))).join('; ');
  return defined({
    workload: ofStreams((stream) => workloadText(plan, stream)),
    'think time': ofStreams(({ thinkTime }) => thinkTime),
    // Parameters that the users state themselves.
    ...Object.fromEntries(streams.flatMap(({ parameters = {} }) => Object.entries(parameters))),
    target: `${hostOf(target.url)} (${target.kind})`,
    seed: String(seed),
    'time scale': `${timeScale}${shortened ? ' (shortened on purpose: too short for some budgets)' : ''}`,
    slice: slice.count > 1 ? `${slice.index} of ${slice.count}` : undefined,
    slices: merged && slicesText(merged),
    commit: commit && shortCommit(commit),
    flags: flags.length > 0 ? flags.join('; ') : undefined,
  });
}

/** `50 users, spawn rate 5/s, for 5 min`; if the time is scaled, `…, run as 30 s`. */
export function workloadText(
  { timeScale }: Pick<Plan, 'timeScale'>,
  { describedAs, phases }: Plan['streams'][number],
): string {
  if (timeScale === 1) return describedAs;
  const runMs = Math.max(0, ...phases.map(({ endMs }) => endMs));
  return `${describedAs}, run as ${formatMs(runMs)}`;
}

/** `4, on 2 machines; clocks 1.3 ms apart (± 0.2 ms)`. */
function slicesText({ slices }: NonNullable<Plan['merged']>): string {
  const machines = new Set(slices.map(({ host }) => host)).size;
  const where = machines > 1 ? `, on ${machines} machines` : '';
  const clocks = slices.flatMap(({ clock }) => clock ?? []);
  if (clocks.length < slices.length) return `${slices.length}${where}; clocks not compared`;
  const offsets = clocks.map(({ offsetMs }) => offsetMs);
  const apartMs = Math.max(...offsets) - Math.min(...offsets);
  const errorMs = Math.max(...clocks.map(({ roundTripMs }) => roundTripMs)) / 2;
  return `${slices.length}${where}; clocks ${apartMs.toFixed(1)} ms apart (± ${errorMs.toFixed(1)} ms)`;
}

/** Host and port only, since the rest of a URL may contain a password or a key. */
export function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'unknown host';
}

/** By which Allure sorts a test into its trees. */
export function labelsOf({ system, scenario, level }: Pick<Plan, 'system' | 'scenario' | 'level'>) {
  const own = { system, scenario, level };
  const behaviours = { epic: system, feature: scenario, story: level };
  const suites = { parentSuite: system, suite: scenario, subSuite: level };
  const labels = { ...own, ...behaviours, ...suites };
  return Object.entries(labels).map(([name, value]) => ({ name, value }));
}
