/** Measures how long an interval of 20 000 requests takes to write: in total, and at most without a pause. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureWriting } from '../tests/instrument/interval-writing.ts';
import { tellParent } from './child.ts';

const logPath = join(tmpdir(), `loadwright-bench-${process.pid}.ndjson`);

await tellParent(() => measureWriting({ rounds: 60, samples: 20_000, tasks: 5, logPath }));
