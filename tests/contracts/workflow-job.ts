/** A job of the workflow, run like by GitHub: its expressions, its steps in order, its files. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { outerEnvironment } from '../child-processes.ts';
import { workflow } from './load-workflow.ts';

type Texts = Readonly<Record<string, string>>;
type Outcome = 'success' | 'failure' | 'skipped';

export interface JobOptions {
  /** A checkout of the suite, with its packages installed. */
  readonly folder: string;
  readonly vars?: Texts;
  readonly secrets?: Texts;
  readonly matrix?: Readonly<Record<string, number>>;
  /** Added to the job's variables, or replacing them. */
  readonly env?: Texts;
}

export interface JobRun {
  readonly outcomes: Readonly<Record<string, Outcome>>;
  readonly output: string;
  /** The text that its steps wrote to the summary page. */
  readonly summary: string;
  readonly failed: boolean;
}

/**
 * Runs the `run:` lines of the job, without actions and `npm ci`, since the folder already has their
 * results.
 */
export async function runJob(name: string, options: JobOptions): Promise<JobRun> {
  const { folder, vars = {}, secrets = {}, matrix = {}, env = {} } = options;
  const job = workflow.jobs[name]!;
  mkdirSync(folder, { recursive: true });
  const summaryPath = join(folder, 'step-summary.md');
  writeFileSync(summaryPath, '');
  const steps: Record<string, { outcome: string }> = {};
  const github = { event: {}, event_name: 'schedule', run_id: '4711' };
  const contexts = { vars, secrets, matrix, github, inputs: {}, steps, cancelled: () => false };
  const filled = (texts: Texts = {}, known: Texts = {}): Texts =>
    Object.fromEntries(
      Object.entries(texts).map(([key, text]) => [key, fill(text, { ...contexts, env: known })]),
    );
  const common = { ...filled(workflow.env), ...filled(job.env), ...env };
  const outcomes: Record<string, Outcome> = {};
  let output = '';
  let failed = false;
  for (const step of job.steps) {
    if (step.run === undefined || step.run === 'npm ci') continue;
    const label = step.name ?? step.run;
    if (step.if === undefined ? failed : fill(asExpression(step.if), contexts) !== 'true') {
      outcomes[label] = 'skipped';
      continue;
    }
    const own = { ...common, ...filled(step.env, common), GITHUB_STEP_SUMMARY: summaryPath };
    const { code, text } = await bash(step.run, folder, own);
    output += text;
    const outcome = (outcomes[label] = code === 0 ? 'success' : 'failure');
    if (step.id !== undefined) steps[step.id] = { outcome };
    failed ||= outcome === 'failure' && !step['continue-on-error'];
  }
  return { outcomes, output, summary: readFileSync(summaryPath, 'utf8'), failed };
}

function asExpression(text: string): string {
  return text.startsWith('${{') ? text : `\${{ ${text} }}`;
}

/** GitHub's expressions in this workflow are valid JavaScript. Unknown values are empty. */
function fill(text: string, contexts: object): string {
  return text.replaceAll(/\$\{\{(.*?)\}\}/g, (_, expression: string) =>
    String(runInNewContext(expression, { ...contexts }) ?? ''),
  );
}

/** Started without blocking, since the system under load may be in this process. */
function bash(command: string, cwd: string, env: Texts): Promise<{ code: number; text: string }> {
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', command], {
    cwd,
    env: { ...outerEnvironment(), CI: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => (text += bytes.toString()));
  }
  return new Promise((resolve) => {
    child.once('close', (code) => {
      resolve({ code: code ?? 1, text });
    });
  });
}
