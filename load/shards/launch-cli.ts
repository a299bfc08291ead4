/**
 * `npm run slices -- 4 --project=stress query-gateway`: the slices of a run on this one machine, a
 * Playwright process each, the coordinator at which they meet, and the merge. Its exit code is the merge's.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fourLetters, nameRun } from '../run-folder.ts';
import { readSettings } from '../settings.ts';
import { Coordinator } from './coordinator.ts';
import { nowForNames } from '../clock.ts';

const usage =
  'npm run slices -- <how many> <words for playwright test>, such as 4 --project=stress query-gateway';
const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli');

interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Runs all of it; resolves with the exit code. Throws where the words make no sense. */
async function launch([first = '', ...words]: readonly string[]): Promise<number> {
  const count = /^\d{1,4}$/.test(first) ? Number(first) : 0;
  if (count < 1) throw new Error(`"${first}" is no number of slices: ${usage}`);
  const environment = { ...process.env };
  const taken = Object.keys(environment).find((name) => /^LOAD_(SLICE|START_AT|COORD)/.test(name));
  if (taken !== undefined) throw new Error(`${taken}: is set here for each slice; unset it`);
  nameRun(environment, nowForNames(), fourLetters());
  readSettings(environment);
  const folder = environment['LOAD_RUN_DIR']!;
  const secret = randomBytes(24).toString('hex');
  const coordinator = await Coordinator.open({ secret });
  const blobs = join(folder, 'blobs');
  mkdirSync(blobs, { recursive: true });
  const shared = {
    ...environment,
    LOAD_COORDINATOR: coordinator.url,
    LOAD_COORDINATOR_SECRET: secret,
  };
  const slices = Array.from({ length: count }, (_, i) => {
    const name = `${i + 1}-of-${count}`;
    return start(['test', ...words, '--reporter=blob'], {
      ...shared,
      LOAD_SLICE: `${i + 1}/${count}`,
      LOAD_RUN_DIR: join(folder, 'slices', name),
      PLAYWRIGHT_BLOB_OUTPUT_FILE: join(blobs, `slice-${name}.zip`),
    });
  });
  say(`${count} slices, run ${environment['LOAD_RUN_ID']}`);
  const stop = forwardSignals(slices);
  await Promise.all(
    slices.map(async (child, i) => {
      prefixLines(child, `[${i + 1}/${count}] `);
      const exit = await ended(child);
      const how = exitText(exit);
      coordinator.expectNoMore(i + 1, `its process ${how}`);
      say(`slice ${i + 1} of ${count} (pid ${child.pid}) ${how}`);
    }),
  );
  await coordinator.close();
  if (!existsSync(blobs) || readdirSync(blobs).length === 0) {
    say('no slice has left a report: nothing to merge');
    return 1;
  }
  const merge = start(['merge-reports', '--config=merge.config.ts', blobs], environment, 'inherit');
  stop.push(merge);
  const { code } = await ended(merge);
  return code ?? 1;
}

/** In a process group of its own: a terminal's Ctrl-C reaches it through `forwardSignals`, once. */
function start(
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  output: 'pipe' | 'inherit' = 'pipe',
): ChildProcess {
  return spawn(process.execPath, [playwright, ...words], {
    ...{ env, detached: true, stdio: ['ignore', output, output] },
  });
}

/** The first Ctrl-C ends the loads, which drain and are reported; the second one cuts them. */
function forwardSignals(children: readonly ChildProcess[]): ChildProcess[] {
  const all = [...children];
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      for (const child of all) {
        if (child.exitCode === null && child.signalCode === null) child.kill('SIGINT');
      }
    });
  }
  return all;
}

function ended(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    child.once('error', () => {
      resolve({ code: 1, signal: null });
    });
    // `close`, not `exit`: all that it said has been read.
    child.once('close', (code, signal) => {
      resolve({ code, signal });
    });
  });
}

function exitText({ code, signal }: Exit): string {
  return signal === null ? `ended with exit code ${code ?? 1}` : `was ended by ${signal}`;
}

function prefixLines(child: ChildProcess, prefix: string): void {
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream?.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim() !== '') process.stdout.write(`${prefix}${line}\n`);
    });
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

process.exitCode = await launch(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
