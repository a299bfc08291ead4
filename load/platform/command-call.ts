/** How a command of the suite is called: as a script where its sources are, else by the package's own bin. */
import { isSource } from './own-file.ts';

/**
 * The words before a command's own.
 *
 * @example
 * commandCall('report'); // 'npx loadwright report', or 'npm run report --' in the suite's own repository
 */
export function commandCall(command: string): string {
  return isSource ? `npm run ${command} --` : `npx loadwright ${command}`;
}
