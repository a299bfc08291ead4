/** Writes git repositories for probes by hand, so that probes do not need git. */
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';

/** The empty tree, which git knows by itself. */
const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const plain = '[core]\n\trepositoryformatversion = 0\n\tbare = false\n';

export interface HandmadeRepository {
  /** Message of its one commit and name of its branch, without blanks or characters special to git. */
  readonly message: string;
  /** Added to its configuration. */
  readonly config?: string;
  /** A file that is in its index with other content, and with these attributes. */
  readonly attributes?: string;
}

/** Creates `<path>/.git`, or for a bare repository `path` itself, with a commit on a branch. */
export async function makeRepository(
  path: string,
  { message, config = '', attributes }: HandmadeRepository,
  gitFolder = join(path, '.git'),
): Promise<void> {
  const commit = Buffer.from(
    `tree ${emptyTree}\nauthor Probe <probe@example.org> 1700000000 +0000\n` +
      `committer Probe <probe@example.org> 1700000000 +0000\n\n${message}\n`,
  );
  const object = Buffer.concat([Buffer.from(`commit ${commit.length}\0`), commit]);
  const id = createHash('sha1').update(object).digest('hex');
  await mkdir(join(gitFolder, 'objects', id.slice(0, 2)), { recursive: true });
  await mkdir(join(gitFolder, 'refs', 'heads'), { recursive: true });
  await mkdir(path, { recursive: true });
  await writeFile(join(gitFolder, 'objects', id.slice(0, 2), id.slice(2)), deflateSync(object));
  await writeFile(join(gitFolder, 'refs', 'heads', message), `${id}\n`);
  await writeFile(join(gitFolder, 'HEAD'), `ref: refs/heads/${message}\n`);
  await writeFile(join(gitFolder, 'config'), plain + config);
  await writeFile(join(gitFolder, 'index'), indexOf('file.txt'));
  await writeFile(join(path, 'file.txt'), 'changed\n');
  if (attributes !== undefined) await writeFile(join(path, '.gitattributes'), attributes);
}

/**
 * An index (version 2) with one entry that matches no file. git then has to read the file, and sends it
 * through the filters that its attributes name.
 */
function indexOf(name: string): Buffer {
  const header = Buffer.alloc(12);
  header.write('DIRC');
  header.writeUInt32BE(2, 4);
  header.writeUInt32BE(1, 8);
  // Times, device, inode, owner and size are 0, which means unknown.
  const entry = Buffer.alloc(62);
  entry.writeUInt32BE(0o100644, 24);
  entry.write('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391', 40, 'hex');
  entry.writeUInt16BE(name.length, 60);
  const padding = Buffer.alloc(8 - ((62 + name.length) % 8));
  const body = Buffer.concat([header, entry, Buffer.from(name), padding]);
  return Buffer.concat([body, createHash('sha1').update(body).digest()]);
}
