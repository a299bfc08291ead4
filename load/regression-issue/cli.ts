/** `npm run regression-issue`. */
import { ownProcess } from '../caller.ts';
import { regressionIssue } from './command.ts';

regressionIssue(process.argv.slice(2), ownProcess()).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
