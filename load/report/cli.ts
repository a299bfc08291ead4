/** `npm run report -- <run folder>`: rebuilds the reports of a run from its interval logs. */
import { existsSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { printedLoad, textsOf } from './load-texts.ts';
import { logsIn, rebuild } from './rebuild.ts';
import { totalsLine } from './run-totals.ts';

const usage = 'npm run report -- <run folder>, such as reports/latest';

/** Prints the tables of every load. Throws where the folder has no log; 1 where one can't be read. */
async function report(words: readonly string[]): Promise<number> {
  const [folder] = words;
  if (folder === undefined || words.length > 1) throw new Error(`takes one folder: ${usage}`);
  if (!existsSync(folder)) throw new Error(`${folder}: no such folder`);
  if (!statSync(folder).isDirectory()) throw new Error(`${folder}: is no folder; ${usage}`);
  if (logsIn(folder).length === 0) throw new Error(`${folder}: no interval log (*.ndjson) in it`);
  const { results, summaryPath } = await rebuild(folder, {
    onLoad: (path, result, verdict) => {
      const name = basename(path, '.ndjson');
      process.stdout.write(printedLoad(name, textsOf(result, verdict), false));
    },
  });
  for (const { reason } of results.unreadable) process.stderr.write(`${reason}\n`);
  process.stdout.write(`\nLoad: ${totalsLine(results.totals)}; report: ${summaryPath}\n`);
  return results.unreadable.length > 0 ? 1 : 0;
}

process.exitCode = await report(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
