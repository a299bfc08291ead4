import { closeSync, openSync } from 'node:fs';
import type { LogFile } from '../../../load/metrics/log-file.ts';

/** From now on what is written to the file goes to a disk that is full. */
export function fillDisk(file: LogFile): void {
  closeSync(Reflect.get(file, 'fd') as number);
  Object.defineProperty(file, 'fd', { value: openSync('/dev/full', 'w') });
}
