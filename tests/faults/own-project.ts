/** A team's own suite in a folder of its own: one spec for the health agent, as the test wants it. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkedProject } from '../child-processes.ts';

const head = `
import { constant, defineUser, expect, smoke, spike, test, users } from 'loadwright';
import { healthAgentUser } from '../../load/systems/health-agent.ts';
`;

/** `body` is the spec without its imports; returns the folder. */
export function ownProject(folder: string, body: string): string {
  linkedProject(folder);
  writeFileSync(join(folder, 'tests/systems/health-agent.spec.ts'), head + body);
  return folder;
}
