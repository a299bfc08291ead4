/** What writing an interval of 20 000 requests costs: the total time, and the longest uninterrupted stretch. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureWriting } from '../tests/instrument/interval-writing.ts';
import { tellParent } from './child.ts';

const logPath = join(tmpdir(), `loadwright-bench-${process.pid}.ndjson`);

await tellParent(() => measureWriting({ rounds: 60, samples: 20_000, tasks: 5, logPath }));
