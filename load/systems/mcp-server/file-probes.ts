/** Probes of the file tools: paths that lead out, links, races, and names that only look dangerous. */
import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  answerText,
  type Place,
  type Probe,
  type ProbeCall,
  type ProbeReplies,
  type ProbeTools,
} from './probe.ts';

const up = '../../'.repeat(12);
const racingCalls = 20;

interface PathProbe extends Pick<Probe, 'id' | 'origin' | 'suffix' | 'prepare'> {
  readonly path: (place: Place) => string;
}

const sibling = { path: ({ out }: Place) => `${out}/secret`, origin: 'CVE-2025-53110' };
const link = { origin: 'CVE-2025-53109' };
const linkedFolder = {
  ...link,
  prepare: ({ inside, out }: Place) => symlink(out, join(inside, 'folder')),
};

/** Each path is used for reading and for writing. */
const pathsOut: readonly PathProbe[] = [
  { id: 'files-1a', path: ({ out }) => `${up}${out.slice(1)}/secret` },
  { id: 'files-1b', path: ({ out }) => `${out}/secret` },
  { id: 'files-2', path: ({ root, outName }) => `${root}/src/../../${outName}/secret` },
  { id: 'files-3a', suffix: '2', ...sibling },
  { id: 'files-3b', suffix: '_backup', ...sibling },
  { id: 'files-3c', suffix: '-old', ...sibling },
  { id: 'files-3d', suffix: '.bak', ...sibling },
  {
    id: 'files-4a',
    ...link,
    path: ({ insideName }) => `${insideName}/link`,
    prepare: ({ inside, out }) => symlink(join(out, 'secret'), join(inside, 'link')),
  },
  { id: 'files-4b', ...linkedFolder, path: ({ insideName }) => `${insideName}/folder/secret` },
  {
    id: 'files-4c',
    ...link,
    path: ({ insideName }) => `${insideName}/first`,
    prepare: async ({ inside, out }) => {
      await symlink(join(out, 'secret'), join(inside, 'second'));
      await symlink('second', join(inside, 'first'));
    },
  },
  { id: 'files-5', ...linkedFolder, path: ({ insideName }) => `${insideName}/folder/new` },
  { id: 'files-7a', path: ({ root }) => `${root}/..` },
  { id: 'files-7b', path: ({ root, outName }) => `${root}//..//${outName}/secret` },
  { id: 'files-7c', path: ({ root, outName }) => `./${root}/../${outName}/secret` },
  { id: 'files-8a', path: ({ root, outName }) => `${root}\0/../${outName}/secret` },
  { id: 'files-8b', path: ({ insideName }) => `${insideName}/x\0.txt` },
  { id: 'files-9a', path: ({ out }) => `/proc/self/root${out}/secret` },
  { id: 'files-9b', path: ({ out }) => `/proc/self/cwd/${up}${out.slice(1)}/secret` },
  { id: 'files-10', path: ({ outName }) => `%2e%2e%2f${outName}%2fsecret` },
  { id: 'files-12', path: ({ out }) => `file://${out}/secret` },
];

const nonPaths: readonly (readonly [string, unknown])[] = [
  ['files-11a', 7],
  ['files-11b', { path: '/' }],
  ['files-11c', ['/']],
  ['files-11d', ''],
  ['files-11e', 'a'.repeat(100_000)],
];

const allowedNames = [
  '..test',
  '...',
  'report_50%.pdf',
  '%2e%2e',
  'with a space',
  '-n',
  '🗂 𝒇iles.txt',
];

export const fileProbes: readonly Probe[] = [
  ...pathsOut.flatMap(bothWays),
  {
    id: 'files-6',
    family: 'files',
    ...link,
    prepare: ({ inside }) => writeFile(join(inside, 'raced'), 'harmless'),
    what: `${racingCalls} calls of read_file while the file is swapped for a link`,
    send: readWhileSwapped,
  },
  // An error is right, a crash is not.
  ...nonPaths.map(([id, path]) => ({ ...reading(id, () => path), mustAnswer: true })),
  ...allowedNames.map(allowed),
];

function reading(id: string, path: (place: Place) => unknown): Probe {
  const call = (place: Place): ProbeCall => ({ tool: 'read_file', args: { path: path(place) } });
  return { id, family: 'files', call };
}

function bothWays({ path, ...probe }: PathProbe): Probe[] {
  const write = (place: Place): ProbeCall => {
    return { tool: 'write_file', args: { path: path(place), content: 'written by a probe' } };
  };
  return [
    { ...reading(probe.id, path), ...probe },
    { ...probe, id: `${probe.id}-write`, family: 'files', call: write },
  ];
}

function allowed(name: string, i: number): Probe {
  return {
    ...reading(`files-allow-${i + 1}`, ({ insideName }) => `${insideName}/${name}`),
    control: 'token',
    prepare: ({ inside, token }) => writeFile(join(inside, name), token),
  };
}

/** The file is alternately replaced by a link while it is read, so a check before the use is not enough. */
async function readWhileSwapped(
  { inside, insideName, out }: Place,
  tools: ProbeTools,
): Promise<ProbeReplies> {
  const target = join(inside, 'raced');
  const race = { isOver: false };
  const swapping = (async () => {
    await mkdir(join(inside, 'swap'));
    while (!race.isOver) {
      await symlink(join(out, 'secret'), join(inside, 'swap', 'link'));
      await rename(join(inside, 'swap', 'link'), target);
      await writeFile(join(inside, 'swap', 'plain'), 'harmless');
      await rename(join(inside, 'swap', 'plain'), target);
    }
  })();
  try {
    const replies: string[] = [];
    for (let i = 0; i < racingCalls; i += 1) {
      const path = `${insideName}/raced`;
      replies.push(answerText(await tools.call({ tool: 'read_file', args: { path } })));
    }
    return { texts: replies };
  } finally {
    race.isOver = true;
    await swapping.finally(() => rm(join(inside, 'swap'), { recursive: true, force: true }));
  }
}
