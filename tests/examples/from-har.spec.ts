/** `from-har` on what Chromium recorded of pages with a login. */
import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { run as fromHar } from '../../fixtures/commands/from-har.ts';
import { installTimeoutMs, launchBrowser } from '../browser/browser.ts';
import { drivenTest } from '../contracts/driven-test.ts';
import { compilerComplaints } from './compiler-complaints.ts';
import { NotesApp, password } from './notes-app.ts';

async function record(app: NotesApp, path: string): Promise<void> {
  const browser = await launchBrowser();
  const context = await browser.newContext({ recordHar: { path, content: 'embed' } });
  const page = await context.newPage();
  await page.goto(`${app.url}/login`);
  await page.locator('[name=user]').fill('ann');
  await page.locator('[name=password]').fill(password);
  await page.getByRole('button').click();
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByText('It\'s "new"').waitFor();
  await context.close();
  await browser.close();
}

test(
  'a recorded login is sent anew: tokens, ids and fields of its own, secrets from outside',
  { tag: '@long' },
  async ({}, testInfo) => {
    test.setTimeout(installTimeoutMs);
    const app = await NotesApp.start();
    const har = testInfo.outputPath('notes.har');
    const out = testInfo.outputPath('notes.spec.ts');
    await record(app, har);
    expect(fromHar([har, '--system', 'notes', '--out', out])).toBe(0);
    const code = readFileSync(out, 'utf8');
    const recorded = readFileSync(har, 'utf8');
    const made = recorded.match(/[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/g) ?? [];
    expect(new Set(made).size).toBeGreaterThan(3);
    expect(made.filter((value) => code.includes(value))).toEqual([]);
    expect(code).not.toContain('battery');
    expect(code).toContain("password: secret('NOTES_PASSWORD')");
    expect(code).toContain("name: 'GET /api/notes/{id}'");
    expect(code).not.toContain('style.css');
    expect(compilerComplaints([{ path: 'tests/load/notes.spec.ts', code }])).toEqual([]);

    app.forget();
    const settings = { NOTES_URL: app.url, NOTES_PASSWORD: password };
    const environment = { ...settings, LOAD_TIME_SCALE: '0.5' };
    const draft = { system: 'notes', project: 'smoke', environment, spec: out };
    const { loads } = await drivenTest(testInfo, draft);
    app.stop();
    const [load] = loads;
    expect(load?.totals.all.ok).toBeGreaterThan(7);
    expect([load?.totals.all.failed, load?.totals.all.invalid, app.refused]).toEqual([0, 0, []]);
    expect([...app.answered.keys()].sort()).toEqual([
      'GET /api/notes/{id}',
      'GET /api/session',
      'GET /login',
      'GET /notes',
      'POST /api/notes',
      'POST /login',
    ]);
  },
);
