/**
 * Pins each name to its first addresses while they can be reached, so that a changed DNS entry cannot
 * send the load to another host. When a connection to them fails, the name is resolved again. A name that
 * meant this machine must still mean this machine.
 */
import { lookup, type LookupAddress } from 'node:dns';

/** Resolves a name to all of its addresses. */
export type LookUp = (
  name: string,
  callback: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

interface PinnedName {
  addresses: ReadonlySet<string>;
  /** True if all of its first addresses belong to this machine. */
  readonly isLoopback: boolean;
  /** True if a connection to them failed after they were resolved. */
  hasFailed: boolean;
}

/** Make one for each load: names are pinned over all of its load streams. */
export class PinnedNames {
  readonly lookUp: LookUp;
  private readonly names = new Map<string, PinnedName>();

  constructor(lookUp: LookUp = systemLookUp) {
    this.lookUp = lookUp;
  }

  /** Those of the name's current addresses to which load may be sent. */
  allowed(name: string, now: readonly LookupAddress[]): readonly LookupAddress[] {
    const pinned = this.names.get(name);
    if (pinned === undefined) {
      const isLoopback = now.length > 0 && now.every(isOfThisMachine);
      this.names.set(name, { addresses: addressesOf(now), isLoopback, hasFailed: false });
      return now;
    }
    if (!pinned.hasFailed) return now.filter(({ address }) => pinned.addresses.has(address));
    const moved = pinned.isLoopback ? now.filter(isOfThisMachine) : now;
    if (moved.length > 0) {
      pinned.addresses = addressesOf(moved);
      pinned.hasFailed = false;
    }
    return moved;
  }

  /** Records that a connection to the name's addresses failed. */
  failed(name: string): void {
    const pinned = this.names.get(name);
    if (pinned !== undefined) pinned.hasFailed = true;
  }
}

function systemLookUp(name: string, callback: Parameters<LookUp>[1]): void {
  lookup(name, { all: true }, callback);
}

function addressesOf(addresses: readonly LookupAddress[]): ReadonlySet<string> {
  return new Set(addresses.map(({ address }) => address));
}

function isOfThisMachine({ address }: LookupAddress): boolean {
  return /^(127\.|::1$|::ffff:127\.)/i.test(address);
}
