/** Probes of the git tools: repositories outside, options and shell commands in arguments, planted configuration. */
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { McpArguments } from '../../clients/mcp/mcp.ts';
import { defined } from '../../platform/defined.ts';
import type { Place, Probe, ProbeCall } from './probe.ts';
import { makeRepository } from './git-repository.ts';

const outside = { origin: 'CVE-2025-68145' };
const option = { origin: 'CVE-2025-68144' };
const shell = { origin: 'CVE-2025-53107' };

/** A valid repository of this place inside the sandbox. */
const plain = ({ inside, token }: Place): Promise<void> =>
  makeRepository(join(inside, 'plain'), { message: token });
const plainPath = ({ insideName }: Place): string => `${insideName}/plain`;

function outsideProbe(id: string, repository: (place: Place) => string, linked = false): Probe[] {
  const prepare = async ({ inside, out, secret }: Place): Promise<void> => {
    await makeRepository(join(out, 'other'), { message: secret });
    if (linked) await symlink(join(out, 'other'), join(inside, 'linked'));
  };
  return bothTools({ id, ...outside, prepare }, (place) => ({ repo_path: repository(place) }));
}

function bothTools(
  probe: Pick<Probe, 'id' | 'origin' | 'prepare' | 'control'>,
  args: (place: Place) => McpArguments,
): Probe[] {
  return (['git_status', 'git_log'] as const).map((tool) => ({
    ...probe,
    id: `${probe.id}-${tool === 'git_log' ? 'log' : 'status'}`,
    family: 'git',
    call: (place) => ({ tool, args: args(place) }),
  }));
}

const options: readonly ((place: Place) => string)[] = [
  ({ marker }) => `--output=${marker}`,
  ({ marker }) => `--exec=touch ${marker}`,
  ({ marker }) => `-O ${marker}`,
  ({ marker }) => `--upload-pack=touch ${marker}`,
];

const commands: readonly ((place: Place) => string)[] = [
  ({ marker }) => `; touch ${marker}`,
  ({ marker }) => `$(touch ${marker})`,
  ({ marker }) => `\`touch ${marker}\``,
  ({ marker }) => `| touch ${marker}`,
];

/** Puts the text before a revision, after it, and in place of the repository's name. */
function inArguments(
  id: string,
  origin: { readonly origin: string },
  texts: readonly ((place: Place) => string)[],
  before: string,
): Probe[] {
  return texts.flatMap((text, i): Probe[] => {
    const variant = `${id}${'abcd'[i]}`;
    const revision = (place: Place) => ({ revision: `${before}${text(place)}` });
    return [
      ...bothTools({ id: `${variant}-path`, ...origin, prepare: plain }, (place) => ({
        repo_path: before === '' ? text(place) : `${plainPath(place)}${text(place)}`,
      })),
      { ...logProbe(`${variant}-revision`, revision), ...origin },
    ];
  });
}

/** A call of git_log in a valid repository. */
function logProbe(id: string, args: (place: Place) => McpArguments): Probe {
  const call = (place: Place): ProbeCall => {
    return { tool: 'git_log', args: { repo_path: plainPath(place), ...args(place) } };
  };
  return { id, family: 'git', prepare: plain, call };
}

function planted(id: string, prepare: (place: Place) => Promise<void>): Probe[] {
  return bothTools({ id, prepare }, ({ insideName }) => ({ repo_path: `${insideName}/planted` }));
}

function withConfig(
  config: (place: Place) => string,
  attributes?: string,
): (place: Place) => Promise<void> {
  return (place) => {
    const planted = defined({ message: place.token, config: config(place), attributes });
    return makeRepository(join(place.inside, 'planted'), planted);
  };
}

async function withHooks(place: Place): Promise<void> {
  const hooks = join(place.inside, 'hooks');
  await mkdir(hooks);
  for (const name of ['post-index-change', 'post-checkout', 'fsmonitor-watchman']) {
    await writeFile(join(hooks, name), `#!/bin/sh\ntouch ${place.marker}\n`);
    await chmod(join(hooks, name), 0o755);
  }
  await withConfig(() => `\thooksPath = ${hooks}\n`)(place);
}

async function withExternalFolder({ inside, out, secret }: Place): Promise<void> {
  const planted = join(inside, 'planted');
  await makeRepository(planted, { message: secret }, join(out, 'other.git'));
  await writeFile(join(planted, '.git'), `gitdir: ${join(out, 'other.git')}\n`);
}

const counts: readonly unknown[] = [-1, 0, 1e9, null, 'NaN'];

export const gitProbes: readonly Probe[] = [
  ...outsideProbe('git-1a', ({ out }) => `${out}/other`),
  ...outsideProbe('git-1b', ({ root, outName }) => `${root}/../${outName}/other`),
  ...outsideProbe('git-1c', ({ insideName }) => `${insideName}/linked`, true),
  ...inArguments('git-2', option, options, ''),
  ...inArguments('git-3', shell, commands, 'HEAD'),
  ...planted(
    'git-4a',
    withConfig(({ marker }) => `\tfsmonitor = touch ${marker}\n`),
  ),
  ...planted('git-4b', withHooks),
  ...planted(
    'git-4c',
    withConfig(({ marker }) => `[filter "x"]\n\tclean = touch ${marker}\n`, '* filter=x\n'),
  ),
  ...planted(
    'git-4d',
    withConfig(({ marker }) => `\tsshCommand = touch ${marker}\n`),
  ),
  ...planted('git-4e', withExternalFolder),
  { ...logProbe('git-5a', ({ marker }) => ({ max_count: `5; touch ${marker}` })), ...shell },
  ...counts.map((count, i) => logProbe(`git-5${'bcdef'[i]}`, () => ({ max_count: count }))),
  ...bothTools({ id: 'git-allow', control: 'token', prepare: plain }, (place) => ({
    repo_path: plainPath(place),
  })),
];
