/**
 * Compares the cost of the engine with that of other tools on this machine: `npm run bench`. One server,
 * contenders in turn, several rounds, medians; exit code 1 if a bound is broken. Figures of different
 * runs or machines cannot be compared, only the ratios within one run. A part that could not be measured
 * (this machine was disturbed, a tool is missing) is listed with its reason and breaks nothing.
 * `npm run bench -- 3 contenders mcpCalls` takes 3 rounds of the contenders, and measures only these
 * parts.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { benchContenders } from './against-peers.ts';
import {
  benchIntervalWrite,
  benchManyStreams,
  benchStreamChunks,
  benchWaitingUsers,
} from './engine-work.ts';
import { benchFirstRequest } from './first-request.ts';
import { benchFirstTokens } from './first-tokens.ts';
import { benchHourPage } from './hour-page.ts';
import { benchMcpCalls, benchWaitingMcpUsers } from './mcp.ts';
import { benchMetricsPage } from './page-beside-load.ts';
import { isKept, measureParts, verdictLines, type Part } from './part.ts';
import { benchManyUsers, benchMerges, benchSlices } from './scale-out.ts';

const [rounds = '7', ...wanted] = process.argv.slice(2);

const parts: Readonly<Record<string, Part>> = {
  firstRequest: benchFirstRequest,
  contenders: (say) => benchContenders(say, Number(rounds)),
  waitingUsers: benchWaitingUsers,
  streamChunks: benchStreamChunks,
  firstTokens: benchFirstTokens,
  manyStreams: benchManyStreams,
  intervalWrite: benchIntervalWrite,
  metricsPage: benchMetricsPage,
  mcpCalls: benchMcpCalls,
  waitingMcpUsers: benchWaitingMcpUsers,
  slices: benchSlices,
  manyUsers: benchManyUsers,
  merges: benchMerges,
  hourPage: benchHourPage,
};

function chosen(): Readonly<Record<string, Part>> {
  const unknown = wanted.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0 || !(Number(rounds) >= 1)) {
    const accepted = `a number of rounds, then any of ${Object.keys(parts).join(', ')}`;
    throw new Error(`bench ${process.argv.slice(2).join(' ')}: accepted: ${accepted}`);
  }
  if (wanted.length === 0) return parts;
  return Object.fromEntries(wanted.map((name) => [name, parts[name]!]));
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.versions.node}`;
say(`${machine}\n`);
const measured = await measureParts(chosen(), say);
say('');
for (const line of verdictLines(measured)) say(line);
mkdirSync('reports', { recursive: true });
writeFileSync('reports/bench.json', `${JSON.stringify({ machine, ...measured }, null, 2)}\n`);
const bounds = Object.values(measured.figures).flatMap((found) => found.bounds);
process.exitCode = bounds.every(isKept) ? 0 : 1;
