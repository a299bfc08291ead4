import { expect, test } from '@playwright/test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { exactly, pureSpecs } from '../../fixtures/pure-specs.ts';

const lazily = 'import';

const files = {
  'tests/plain.spec.ts': "import { join } from 'node:path';",
  'tests/types.spec.ts': "import type { Server } from 'node:net';",
  'tests/engine.spec.ts': "import { Coordinator } from '../load/coordinator.ts';",
  'tests/socket.spec.ts': "import { createServer } from 'node:net';",
  'tests/several.spec.ts': "import {\n  fork,\n} from 'node:child_process';",
  // Written in two parts, or this very file would be taken for one that does so.
  'tests/lazy.spec.ts': `const { get } = await ${lazily}('node:http');`,
  'tests/indirect.spec.ts': "import { start } from './start.ts';",
  'tests/start.ts': "export { spawn as start } from 'node:child_process';",
  'tests/systems/load.spec.ts': "import { test } from 'loadwright';",
  'load/coordinator.ts': "import { createServer } from 'node:http';",
};

test('a spec is pure that reaches no process and no socket outside the engine, load specs aside', () => {
  const root = test.info().outputPath('suite');
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const names = pureSpecs(root).map((path) => basename(path));
  expect(names.sort()).toEqual(['engine.spec.ts', 'plain.spec.ts', 'types.spec.ts']);
});

test('a pattern of paths matches each of them whole, and no other', () => {
  const paths = ['/a/b (1)/c+d.spec.ts', '/a/e.spec.ts'];
  const pattern = exactly(paths);
  expect(paths.filter((path) => pattern.test(path))).toEqual(paths);
  const others = ['/a/e.spec.tsx', '/x/a/e.spec.ts', '/a/eXspec.ts', '/a/b (1)/cd.spec.ts', ''];
  expect(others.filter((path) => pattern.test(path))).toEqual([]);
  expect(exactly([]).test('/a/e.spec.ts')).toBe(false);
});
