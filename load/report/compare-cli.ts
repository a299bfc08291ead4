/** `npm run compare`. */
import { ownProcess } from '../caller.ts';
import { compareFigures } from './compare-command.ts';

try {
  process.exitCode = compareFigures(process.argv.slice(2), ownProcess());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
