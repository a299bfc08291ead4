/** The few users all of whose requests are told: the first that come, and others for those that are gone. */

const most = 5;
/** Who sent nothing for so long is taken for gone: sessions end, and new users take their places. */
const goneMs = 120_000;

interface OfUser {
  /** Number of the virtual user; negative where none had begun the request. */
  readonly user: number;
  readonly scheduledAtMs: number;
}

export class SampledUsers {
  private readonly users: number[] = [];
  private readonly seenAtMs: number[] = [];

  /** Whether the request is of one of them. */
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
