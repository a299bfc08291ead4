/** The few users whose requests are all logged: the first ones, and replacements for those that are gone. */

const most = 5;
/** A user that has sent nothing for this long counts as gone. Sessions end, and new users take their place. */
const goneMs = 120_000;

interface OfUser {
  /** Number of the virtual user; negative if none had begun the request. */
  readonly user: number;
  readonly scheduledAtMs: number;
}

export class SampledUsers {
  private readonly users: number[] = [];
  private readonly seenAtMs: number[] = [];

  /** Whether the request was sent by one of these users. */
  has({ user, scheduledAtMs }: OfUser): boolean {
    if (user < 0) return false;
    let place = this.users.indexOf(user);
    if (place < 0) place = this.freePlace(scheduledAtMs);
    if (place < 0) return false;
    this.users[place] = user;
    this.seenAtMs[place] = scheduledAtMs;
    return true;
  }

  private freePlace(nowMs: number): number {
    if (this.users.length < most) return this.users.length;
    return this.seenAtMs.findIndex((atMs) => nowMs - atMs > goneMs);
  }
}
