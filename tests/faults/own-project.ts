/** A team's suite in a separate folder, with one spec for the health agent, written by the test. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { linkedProject } from '../child-processes.ts';

const head = `
import { constant, defineUser, expect, smoke, spike, test, users } from 'loadwright';
import { healthAgentUser } from '../../load/systems/health-agent.ts';
`;

/** `body` is the spec without its imports. Returns the folder. */
export function ownProject(folder: string, body: string): string {
  linkedProject(folder);
  writeFileSync(join(folder, 'tests/systems/health-agent.spec.ts'), head + body);
  return folder;
}
