/**
 * The environment on the front page of an Allure report: the machine and the settings before a run, or
 * those in its plans.
 */
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { z } from 'zod';
import type { Plan } from '../../metrics/log/schema.ts';
import type { PairPlan } from '../../paired/pair-log.ts';
import { ownVersion } from '../../platform/version.ts';
import { readSettings } from '../../settings/settings.ts';

const names = ['Suite', 'Node', 'Platform', 'CPU', 'Seed', 'Time scale', 'Targets'] as const;
type EnvironmentInfo = Readonly<Record<(typeof names)[number], string>>;

const referenceServices = 'reference services';

/** At the beginning of the run. Throws if the environment's settings are wrong. */
export function environmentNow(
  environment: Readonly<Record<string, string | undefined>>,
): EnvironmentInfo {
  const { LOAD_SEED, LOAD_TIME_SCALE } = readSettings(environment);
  return {
    Suite: `loadwright ${ownVersion}`,
    Node: process.versions.node,
    Platform: platform(),
    CPU: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    Seed: String(LOAD_SEED),
    'Time scale': String(LOAD_TIME_SCALE),
    Targets: targetsText(environment),
  };
}

/** From one load's plan. */
export function environmentOf({ versions, machine, ...plan }: Plan): EnvironmentInfo {
  return {
    Suite: `loadwright ${versions['loadwright'] ?? 'unknown'}`,
    Node: versions['node'] ?? 'unknown',
    Platform: machine.platform,
    CPU: `${machine.cores} × ${machine.cpu}`,
    Seed: String(plan.seed),
    'Time scale': String(plan.timeScale),
    Targets: plan.target.kind === 'real' ? `real: ${plan.system}` : referenceServices,
  };
}

/** From a pair's plan, on the machine that runs it. */
export function environmentOfPair({ machine, seed, system, sides }: PairPlan): EnvironmentInfo {
  return {
    Suite: `loadwright ${ownVersion}`,
    Node: process.versions.node,
    Platform: platform(),
    CPU: `${machine.cores} × ${machine.cpu}`,
    Seed: String(seed),
    'Time scale': '1',
    Targets:
      sides.kind === 'reference services'
        ? referenceServices
        : `pair of ${system}: two ${sides.kind}`,
  };
}

export const environmentSchema = z.record(z.enum(names), z.string());

/** Over all loads of a merge. Different values (such as machines) are all listed, in their order. */
export function commonEnvironment(all: readonly EnvironmentInfo[]): Record<string, string> {
  const pairs = names.map((name) => [name, [...new Set(all.map((one) => one[name]))].join('; ')]);
  return Object.fromEntries(pairs.filter(([, text]) => text !== '')) as Record<string, string>;
}

function platform(): string {
  return `${process.platform} ${process.arch}`;
}

/** Which systems are real; without their addresses and commands, which may contain a password. */
function targetsText(environment: Readonly<Record<string, string | undefined>>): string {
  const real = systemsWith('_URL', environment).join(', ');
  const stated = [
    ...(real === '' ? [] : [`real: ${real}`]),
    ...systemsWith('_URL_A', environment).map((system) => `pair of ${system}: two addresses`),
    ...((environment['PAIR_COMMAND_A'] ?? '') === '' ? [] : ['pairs: two commands']),
  ];
  return stated.length === 0
    ? referenceServices
    : [...stated, `else ${referenceServices}`].join('; ');
}

function systemsWith(
  end: string,
  environment: Readonly<Record<string, string | undefined>>,
): string[] {
  return Object.entries(environment)
    .filter(([name, value]) => name.endsWith(end) && value !== undefined && value !== '')
    .map(([name]) => name.slice(0, -end.length).toLowerCase().replaceAll('_', '-'))
    .filter(isSystem)
    .sort();
}

/** Whether it is a system, which has a spec file of that name. */
function isSystem(name: string): boolean {
  return (
    /^[a-z][a-z\d-]*$/.test(name) &&
    existsSync(new URL(`../../../tests/systems/${name}.spec.ts`, import.meta.url))
  );
}
