/** A project of a team's own, whose load tests are in `tests/load`. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
