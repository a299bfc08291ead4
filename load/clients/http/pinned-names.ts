/**
 * The addresses that a name had first are the only ones it may have while they can be reached: whoever
 * changes what a name means does not turn the load on others. When a connection to them fails, the name is
 * looked up anew; one that stood for this machine goes on doing so.
 */
import { lookup, type LookupAddress } from 'node:dns';

/** How a name is looked up: all of its addresses. */
export type LookUp = (
  name: string,
  callback: (error: Error | null, addresses: readonly LookupAddress[]) => void,
) => void;

interface PinnedName {
  addresses: ReadonlySet<string>;
  /** All that it had first were addresses of this machine. */
  readonly isLoopback: boolean;
  /** A connection to them failed since they were looked up. */
  hasFailed: boolean;
}

/** One for each load: names are pinned over all of its load streams. */
export class PinnedNames {
  readonly lookUp: LookUp;
  private readonly names = new Map<string, PinnedName>();

  constructor(lookUp: LookUp = systemLookUp) {
    this.lookUp = lookUp;
  }

  /** Those of the addresses, which the name has now, that load may go to. */
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

  /** A connection to the name's addresses did not come about. */
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
