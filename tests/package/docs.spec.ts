/** The blocks and the commands of the docs, in a repository of a user, from the tarball. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadEntry } from '../../load/report/files/results-json.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { TestAuthority } from '../contracts/test-certificates.ts';
import {
  nightlyCases,
  sliceCommands,
  userCases,
  type CommandCase,
} from '../examples/docs-commands.ts';
import { docsBlock } from '../examples/fenced-blocks.ts';
import {
  blocks,
  expectAnswered,
  expectGreen,
  runBlocks,
  runConfigurations,
  withAddress,
  writeBlocks,
} from './docs-blocks.ts';
import { recordedSession, statsCsv } from './docs-files.ts';
import { expect, lasting, test, type DocsTeam } from './docs-team.ts';
import type { Outcome } from './team-repository.ts';

// Its tests share a repository, which takes a while to install.
test.describe.configure({ mode: 'default', timeout: 900_000 });

test('each block does what its page says', { tag: '@long' }, async ({ docsTeam }) => {
  const { shop } = docsTeam;
  await writeBlocks(docsTeam);
  const ran = await runBlocks(docsTeam);
  const tested = new Set(ran.map(({ where }) => where));
  const others = blocks.filter(({ where, kind }) => kind !== 'configuration' && !tested.has(where));
  // A pair is called below, as its page says.
  expect(others.map(({ where }) => where)).toEqual([pairBlock().where]);
  for (const one of ran) expectGreen(one);

  const named = (title: string): LoadEntry => {
    const found = ran.find((one) => one.title === title);
    expect(found?.loads, `${title}\n${found?.output}`).toHaveLength(1);
    return found!.loads[0]!;
  };
  await test.step('what the headings of the examples say', () => {
    expect(shop.accounts.size).toBeGreaterThan(20);
    expect(shop.refreshed).toBeGreaterThan(0);
    expect(shop.customers.length).toBeGreaterThan(0);
    expect([...shop.tenants]).toEqual(expect.arrayContaining(['north', 'south']));
    expect(shop.invoices[0]).toContain('filename="invoice.csv"');
    expect(shop.pages).toBeGreaterThan(1);
    expect(shop.filled).toBe(2);
    const tenants = named('serves both tenants alike');
    for (const name of ['p95{tenant=north}', 'p95{tenant=south}', 'cost.p95', 'emptyRate']) {
      expect(judgementOf(tenants, name)?.samples, name).toBeGreaterThan(0);
    }
    const journey = named('is quick for a person while 50 users are on');
    const steps = journey.statistics.rows.filter(({ stream }) => stream === 'journey');
    expect(steps.map(({ kind, name }) => [kind, name])).toEqual([
      ['task', 'buy'],
      ['request', 'open the shop'],
      ['request', 'add to basket'],
      ['all', ''],
    ]);
    for (const name of ['journey / lcp.p75', 'journey / buy: p75{request=add to basket}']) {
      expect(judgementOf(journey, name)).toMatchObject({ background: 'journey' });
      expect(judgementOf(journey, name)?.samples, name).toBeGreaterThan(0);
    }
  });
  for (const [where, { code, output: said }] of await runConfigurations(docsTeam)) {
    expect.soft(code, `${where}\n${said}`).toBe(0);
    expect.soft(said, where).toContain('1 passed');
  }
});

for (const [cases, tag] of [
  [userCases, '@long'],
  [nightlyCases, '@soak'],
] as const) {
  test(`each command does what its page says ${tag}`, { tag }, async ({ docsTeam }) => {
    // The folder of the examples, where a draft would be written.
    await docsTeam.team.must('rm -rf tests && npx loadwright init');
    if (cases === nightlyCases) await writeReadmeSpec(docsTeam);
    for (const one of cases) {
      await test.step(one.command, async () => {
        await prepare(one.command, docsTeam);
        await expectCommand(one, docsTeam);
      });
    }
  });
}

async function expectCommand(one: CommandCase, docsTeam: DocsTeam): Promise<void> {
  const { command, code = 0, says, lasts, beside, leaves, loads } = one;
  const { team, settings } = docsTeam;
  const line = substituted(command, docsTeam);
  const env = { ...settings, ...shortened(command), PAIR_ROUNDS: '2' };
  let outcome: Outcome;
  if (lasts === true) outcome = await lasting(team.folder, line, { env, until: says });
  else if (beside !== undefined) outcome = await lasting(team.folder, line, { env, beside });
  else outcome = await team.run(line, { env });
  const named = `${line}\n${outcome.output}`;
  expect.soft(outcome.output, line).toMatch(says);
  if (leaves !== undefined) expect.soft(existsSync(join(team.folder, leaves)), named).toBe(true);
  if (loads === true) {
    const sent = team.results().loads;
    expectAnswered(sent, named);
    const isGreen = sent.every(({ verdict }) => verdict === 'pass');
    expect.soft(outcome.code, named).toBe(isGreen ? 0 : 1);
  } else if (lasts !== true) expect.soft(outcome.code, named).toBe(code);
}

/** A stated length is not scaled: figures of a load of full length are what the next commands read. */
function shortened(command: string): Record<string, string> {
  if (command.includes('LOAD_DURATION=')) return { LOAD_THINK: '200ms' };
  return { LOAD_TIME_SCALE: command.includes('smoke') ? '0.1' : '0.01' };
}

/** A coordinator with a certificate, two slices that know who has issued it, and the merge of their blobs. */
test(
  'slices meet, and are merged, as docs/scaling-out.md says',
  { tag: '@soak' },
  async ({ docsTeam }) => {
    const { team, settings } = docsTeam;
    const authority = new TestAuthority();
    const { cert, key } = authority.issue('DNS:localhost,IP:127.0.0.1');
    team.write({
      'cert.pem': cert,
      'key.pem': key,
      'ca.pem': authority.ca,
    });
    await team.must('npx loadwright init');
    await writeReadmeSpec(docsTeam);
    const port = await freePort();
    const { coordinator, settings: address, slice, merge } = sliceCommands;
    const secret = (line: string): string => line.replaceAll("'…'", 'x'.repeat(16));
    const slices = [1, 2].map((number) =>
      secret(slice)
        .replace('2/4', `${number}/2`)
        .replace('2-of-4', `${number}-of-2`)
        .replace(/LOAD_COORDINATOR=\S+/, secret(address).split(' ').slice(0, 2).join(' '))
        .replace('load.example.org:7070', `127.0.0.1:${port}`)
        .replace('--project=stress query-gateway', '--project=steady shop'),
    );
    await team.must('mkdir -p blobs');
    const meeting = secret(coordinator).replace('0.0.0.0 --port 7070', `127.0.0.1 --port ${port}`);
    const env = { ...settings, LOAD_TIME_SCALE: '0.01' };
    const outcomes: Outcome[] = [];
    const meanwhile = async (): Promise<void> => {
      outcomes.push(...(await Promise.all(slices.map((line) => team.run(line, { env })))));
    };
    await lasting(team.folder, meeting, { env, until: /coordinator: https:/, meanwhile });
    const merged = await team.run(merge, { env });
    authority.remove();
    const [load] = team.results().loads;
    expect(load, [...outcomes, merged].map((one) => one.output).join('\n')).toMatchObject({
      title: 'holds 50 users',
    });
    expect(['pass', 'invalid'], merged.output).toContain(load!.verdict);
    expect(load!.totals.all.ok).toBe(load!.totals.scheduled);
  },
);

/** Replaces the placeholders for an address, a time or a name of the reader's own. */
function substituted(command: string, docsTeam: DocsTeam): string {
  return withAddress(command, docsTeam)
    .replace('LOAD_TIME_SCALE=0.1 ', '')
    .replace('LOAD_DURATION=30s', 'LOAD_DURATION=2s')
    .replace('LOAD_DURATION=2m', 'LOAD_DURATION=8s')
    .replace('LOAD_WARM_UP=1m', 'LOAD_WARM_UP=1s')
    .replace('--interval 5 --duration 600', '--interval 1 --duration 2')
    .replace('--host 0.0.0.0 --port 7070', '--host 127.0.0.1 --port 0')
    .replace('--project=…', '--project=steady shop')
    .replaceAll("'…'", 'x'.repeat(16))
    .replace("'--project=steady shop'", '--project=steady shop');
}

/** Gives the team the files that a reader has by the time that the command is called. */
async function prepare(command: string, docsTeam: DocsTeam): Promise<void> {
  const { team } = docsTeam;
  const has = (...words: string[]): boolean => words.every((word) => command.includes(word));
  if (has('from-har')) team.write({ 'session.har': recordedSession });
  if (has('from-openapi')) {
    await team.must('rm -f load/shop*');
    team.write({ 'openapi.yaml': readFileSync('tests/examples/kept/pets-3.0.yaml', 'utf8') });
  }
  if (has('--project=smoke shop')) {
    await writeReadmeSpec(docsTeam);
  }
  if (has('loadwright baselines')) {
    // The custom load passes on a machine that is not late, and only a pass becomes a baseline.
    const path = 'reports/latest/results.json';
    team.write({ [path]: team.read(path).replaceAll('"verdict": "invalid"', '"verdict": "pass"') });
  }
  if (has('old/shop_stats.csv')) {
    team.write({ 'old/shop_stats.csv': statsCsv(150), 'new/shop_stats.csv': statsCsv(900) });
  }
  if (has('regression-issue')) {
    team.write({ 'again/shop_stats.csv': statsCsv(910) });
    const again = 'npx loadwright compare old/shop_stats.csv again/shop_stats.csv --output rerun';
    expect((await team.run(again)).code).toBe(1);
  }
  if (has('run morning')) {
    const file = docsBlock('docs/load-runs.md', 'json').replace('health-agent', 'shop');
    team.write({ 'load-runs/morning.json': file });
  }
  if (has('--project=pair')) {
    team.write({
      'load/pair.spec.ts': pairBlock().code.replace(
        '(shopUser, load)',
        "(shopUser, load, { round: '2s' })",
      ),
      'base/server.js': server,
      'head/server.js': server,
    });
  }
}

/** With the test of the tag `@custom` that docs/writing-tests.md tells of, in the place of a draft. */
async function writeReadmeSpec(docsTeam: DocsTeam): Promise<void> {
  const { code } = blocks.find(({ path }) => path === 'readme/load/shop.spec.ts')!;
  const spec = `${code.replace('smoke, test', 'custom, settings, smoke, test')}
test('takes a load of any shape', { tag: '@custom' }, async ({ runLoad }) => {
  expect(await runLoad(shopUser, custom(settings()))).toMeetBudget();
});
`;
  await docsTeam.team.must('rm -f load/shop*');
  docsTeam.team.write({ 'load/shop.spec.ts': withAddress(spec, docsTeam) });
}

function pairBlock() {
  return blocks.find(({ code }) => code.includes('comparePair(shopUser'))!;
}

/** A build of either side. */
const server = `import { createServer } from 'node:http';

createServer((request, response) => setTimeout(() => response.end('{}'), 5)).listen(
  Number(process.env.PORT),
  '127.0.0.1',
);
`;

function judgementOf({ judgements }: LoadEntry, name: string) {
  return judgements.find((one) => one.name === name);
}
