/** A project whose spec is a draft, which is compiled and run with the smallest load. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LoadEntry, Results } from '../../load/report/files/results-json.ts';
import { linkedProject } from '../child-processes.ts';

const config = `import { defineConfig } from '@playwright/test';
import { loadProjects } from 'loadwright/config';
export default defineConfig({
  projects: loadProjects({ testDir: 'tests/load' }),
  reporter: [['list'], ['./fixtures/reporter.ts']],
});
`;

export function draftProject(folder: string): string {
  linkedProject(folder);
  writeFileSync(join(folder, 'playwright.config.ts'), config);
  return folder;
}

export function loadsOf(project: string): readonly LoadEntry[] {
  const text = readFileSync(join(project, 'reports/latest/results.json'), 'utf8');
  return (JSON.parse(text) as Results).loads;
}
