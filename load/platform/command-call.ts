/** How to call a command of the suite: as a script in its own repository, else with the package's bin. */
import { isSource } from './own-file.ts';

/**
 * The words before a command's name.
 * @example
 * commandCall('report'); // 'npx loadwright report', or 'npm run report --' in the suite's own repository
 */
export function commandCall(command: string): string {
  return isSource ? `npm run ${command} --` : `npx loadwright ${command}`;
}
