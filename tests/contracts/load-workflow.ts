/** The GitHub workflow that runs the suite, parsed for tests, and its scripts run like in a job. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { outerEnvironment, repository } from '../child-processes.ts';

const path = join(repository, '.github/workflows/load.yml');
export const text = readFileSync(path, 'utf8');

const permissions = z.record(z.string(), z.string());
const step = z.object({
  name: z.string().optional(),
  id: z.string().optional(),
  if: z.string().optional(),
  'continue-on-error': z.boolean().default(false),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).optional(),
});
const job = z.object({
  if: z.string(),
  'timeout-minutes': z.number(),
  permissions: permissions.optional(),
  env: z.record(z.string(), z.string()).optional(),
  steps: z.array(step),
});
export const workflow = z
  .object({
    on: z.record(z.string(), z.unknown()),
    permissions,
    env: z.record(z.string(), z.string()),
    jobs: z.record(z.string(), job),
  })
  .parse(parse(text));

export const jobs = Object.entries(workflow.jobs);
export const steps = jobs.flatMap(([name, { steps: own }]) =>
  own.map((one) => ({ job: name, ...one })),
);
export const runs = steps.flatMap(({ run }) => (run === undefined ? [] : [run]));

/** The script of the step with that name. */
export function script(job: string, name: string): string {
  const found = workflow.jobs[job]?.steps.find((one) => one.name === name)?.run;
  if (found === undefined) throw new Error(`${job}: no step "${name}"`);
  return found;
}

/** Runs the command in the folder as GitHub would. Returns its output; throws if it fails. */
export function inFolder(
  folder: string,
  command: string,
  env: Record<string, string> = {},
): string {
  return execFileSync('bash', ['-e', '-o', 'pipefail', '-c', command], {
    cwd: folder,
    encoding: 'utf8',
    stdio: 'pipe',
    env: { ...outerEnvironment(), HOME: folder, GIT_CONFIG_NOSYSTEM: '1', ...env },
  });
}
