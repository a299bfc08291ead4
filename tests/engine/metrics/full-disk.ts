import { openSync } from 'node:fs';
import type { LogFile } from '../../../load/metrics/log/log-file.ts';

/**
 * From now on what is written to the file goes to a disk that is full (Linux has one at hand). The file
 * that was open stays so: a write may be under way, and its number must not be given to another.
 */
export function fillDisk(file: LogFile): void {
  Object.defineProperty(file, 'fd', { value: openSync('/dev/full', 'w') });
}
