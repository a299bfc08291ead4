import { openSync } from 'node:fs';
import type { LogFile } from '../../../load/metrics/log/log-file.ts';

/**
 * Later writes to the file go to a full disk (Linux has a device for that). The original file stays open,
 * since a write may be running and its descriptor must not be reused.
 */
export function fillDisk(file: LogFile): void {
  Object.defineProperty(file, 'fd', { value: openSync('/dev/full', 'w') });
}
