/**
 * The load report of an hour with four tasks: its size, and how long it takes to draw, compared with a
 * page of the same bytes that draws nothing. The hour runs in virtual time; the command writes the page.
 */
import { chromium, type Browser } from '@playwright/test';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { arrivals } from '../load/workload/arrivals.ts';
import { runVirtually, type SentRequest } from '../tests/engine/virtual-load.ts';
import { median, type Bound, type Part } from './part.ts';

const tasks = ['search', 'view item', 'add to cart', 'check out'];
const rounds = 7;
const patienceMs = 60_000;
const systemPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export const benchHourPage: Part = async (say) => {
  const folder = mkdtempSync(join(tmpdir(), 'loadwright-hour-'));
  const browser = await launched();
  try {
    const requests = await hourOf(join(folder, 'hour.ndjson'));
    const page = writtenPage(folder);
    const bytes = statSync(page).size;
    const still = join(folder, 'still.html');
    writeFileSync(still, undrawn(readFileSync(page, 'utf8')));
    const times: { drawnMs: number; stillMs: number }[] = [];
    for (let round = 0; round < rounds; round++) {
      const stillMs = await timeOf(browser, still, 'p.loading');
      const drawnMs = await timeOf(browser, page, '.chart canvas');
      times.push({ drawnMs, stillMs });
    }
    const ratio = median(times.map(({ drawnMs, stillMs }) => drawnMs / stillMs));
    const [drawn, bare] = (['drawnMs', 'stillMs'] as const).map((name) =>
      median(times.map((one) => one[name])).toFixed(0),
    );
    say(
      `the report of an hour, ${tasks.length} tasks and ${requests} requests: ${(bytes / 1e6).toFixed(2)} MB, ` +
        `drawn in ${drawn} ms; a page of the same bytes that draws nothing in ${bare} ms`,
    );
    const bounds: Bound[] = [
      { what: 'the report of an hour', value: bytes / 1e6, limit: 3, unit: 'MB' },
      {
        what: 'the report of an hour, drawn, against its bytes',
        value: ratio,
        limit: 10,
        unit: '×',
      },
    ];
    return { bytes, requests, times, bounds };
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Throws if this machine has no browser. */
async function launched(): Promise<Browser> {
  const { CHROMIUM_PATH: given = '' } = process.env;
  const path = [given, chromium.executablePath(), ...systemPaths].find(
    (one) => one !== '' && existsSync(one),
  );
  if (path === undefined) throw new Error('no Chromium; CHROMIUM_PATH names one');
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: path, args });
}

/** Resolves with the number of requests in an hour of Poisson arrivals; some fail, most are quick. */
async function hourOf(logPath: string): Promise<number> {
  const system = async ({ atMs, draws: [a, b] }: SentRequest, clock: { until: Until }) => {
    await clock.until(atMs + 20 + 30 / (1.01 - a));
    if (b < 0.01) throw new Error('drawn to fail');
  };
  const { result } = await runVirtually({
    workload: arrivals({ rate: 20, duration: '1h', process: 'poisson' }),
    logPath,
    shortened: true,
    system,
    user: (clock) => ({
      tasks: Object.fromEntries(
        tasks.map((name) => [
          name,
          {
            run: async ({ measure, random, user: { number } }) => {
              const draws = [random(), random()] as const;
              const request = { atMs: clock.now(), task: name, userNumber: number, draws };
              await measure(name, () => system(request, clock));
            },
          },
        ]),
      ),
    }),
  });
  return result.sent;
}

type Until = (atMs: number) => Promise<void>;

function writtenPage(folder: string): string {
  const words = ['--import', 'tsx/esm', 'fixtures/commands/loadwright.ts', 'report', folder];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  const page = join(folder, 'index.html');
  if (status !== 0 || !existsSync(page)) throw new Error(`no page was written: ${stderr.trim()}`);
  return page;
}

/** A page of the same bytes, of which the browser runs none. */
function undrawn(html: string): string {
  const at = html.lastIndexOf('<script>');
  return `${html.slice(0, at)}<script type="text/plain">${html.slice(at + '<script>'.length)}`;
}

/** From the request for the page until the selected element is on the screen, in ms. */
async function timeOf(browser: Browser, path: string, selector: string): Promise<number> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  try {
    const page = await context.newPage();
    const beganMs = performance.now();
    await page.goto(pathToFileURL(path).href);
    await page.waitForSelector(selector, { timeout: patienceMs });
    // After two more frames it has been painted.
    await page.evaluate(
      'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))',
    );
    return performance.now() - beganMs;
  } finally {
    await context.close();
  }
}
