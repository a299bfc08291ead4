/**
 * The canaries around a sandbox: a folder beside it with a secret, and a listener on loopback that must
 * not be reached. They show what a probe did, so the sandbox must be on a file system of this machine.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { CanaryListener } from './canary-listener.ts';
import type { Place } from './probe.ts';

interface CanarySettings {
  /**
   * The sandbox's root, as seen by both server and suite. Without one, a probe uses the system's folder
   * for temporary files.
   */
  readonly root?: string;
  /** Where canary folders are created. Default: beside the root, so that their paths begin like the root's. */
  readonly folder?: string;
  /** URL of the pages that the server may fetch. */
  readonly pages?: string;
}

/** A place with its canaries. */
export interface CanaryWatch {
  readonly place: Place;
  /** Call it when everything for the probe is in place. Later changes count as the server's. */
  arm(): Promise<void>;
  /** The violation that the probe caused, if any. */
  violation(texts: readonly string[]): Promise<string | undefined>;
  /** Removes everything that was created. */
  clear(): Promise<void>;
}

const defaultSuffix = '-canary';

export class Canaries {
  private readonly settings: CanarySettings;
  private readonly runSecret = randomBytes(12).toString('hex');
  private count = 0;

  constructor(settings: CanarySettings) {
    this.settings = settings;
  }

  /** Creates the canaries of one probe, with new names. */
  async watch(suffix = defaultSuffix): Promise<CanaryWatch> {
    const cleanUp = new CleanUp();
    try {
      return await this.watchIn(await this.rootOf(cleanUp), suffix, cleanUp);
    } catch (error) {
      await cleanUp.run();
      throw error;
    }
  }

  private async rootOf(cleanUp: CleanUp): Promise<string> {
    const { root } = this.settings;
    if (root !== undefined) return root;
    const own = await mkdtemp(join(tmpdir(), 'loadwright-probe-'));
    cleanUp.add(() => removeFolder(own));
    return join(own, 'sandbox');
  }

  private async watchIn(root: string, suffix: string, cleanUp: CleanUp): Promise<CanaryWatch> {
    const { folder = dirname(root), pages = '' } = this.settings;
    const nonce = `p${(this.count += 1)}x${randomBytes(4).toString('hex')}`;
    const outName = `${basename(root)}${suffix}${nonce}`;
    const out = join(folder, outName);
    const insideName = `probe-${nonce}`;
    const listener = await CanaryListener.open();
    cleanUp.add(() => listener.close());
    const place: Place = {
      nonce,
      root,
      outName,
      out,
      insideName,
      pages,
      path: `/${nonce}`,
      inside: join(root, insideName),
      secret: `canary-${this.runSecret}-${nonce}`,
      token: `token-${nonce}`,
      marker: join(out, 'marker'),
      port: listener.port,
    };
    if (this.settings.root === undefined) await mkdir(root);
    // Everything has a new name, so that only what was created here is removed at the end.
    for (const path of [out, place.inside]) {
      await mkdir(path);
      cleanUp.add(() => removeFolder(path));
    }
    await writeFile(join(out, 'secret'), place.secret);
    let before: ReadonlyMap<string, string> = new Map();
    return {
      place,
      arm: async () => {
        before = await contentsOf(out);
      },
      violation: async (texts) =>
        leakIn(place, texts) ??
        connectionTo(listener) ??
        changeBetween(before, await contentsOf(out)),
      clear: () => cleanUp.run(),
    };
  }
}

/** Undoes what was created, in reverse order, once. */
class CleanUp {
  private readonly steps: (() => Promise<void>)[] = [];

  add(step: () => Promise<void>): void {
    this.steps.push(step);
  }

  async run(): Promise<void> {
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) await step();
  }
}

function removeFolder(path: string): Promise<void> {
  return rm(path, { recursive: true, force: true });
}

function leakIn({ secret }: Place, texts: readonly string[]): string | undefined {
  const text = texts.find((one) => one.includes(secret));
  return text && `a reply holds the canary's secret: ${text.slice(0, 200)}`;
}

function connectionTo({ heard }: CanaryListener): string | undefined {
  const [first] = heard;
  return first && `the canary listener was reached: ${first.slice(0, 200)}`;
}

/** A digest of each file in a folder, by its path. */
async function contentsOf(folder: string): Promise<Map<string, string>> {
  const contents = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const bytes = entry.isFile() ? await readFile(path) : 'no file';
    const digest = createHash('sha256').update(bytes).digest('hex');
    contents.set(path.slice(folder.length + 1), digest);
  }
  return contents;
}

function changeBetween(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string | undefined {
  for (const [path, digest] of after) {
    if (!before.has(path)) return `the file ${path} appeared outside the sandbox`;
    if (before.get(path) !== digest) return `the file ${path} outside the sandbox was changed`;
  }
  const gone = [...before.keys()].find((path) => !after.has(path));
  return gone === undefined ? undefined : `the file ${gone} outside the sandbox was removed`;
}
