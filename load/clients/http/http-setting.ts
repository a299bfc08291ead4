/** What the HTTP clients of one stream share. */
import type { ChunkQueue } from './chunk-queue.ts';
import type { Deadlines } from '../deadlines.ts';
import type { HttpDefaults } from './http.ts';

export interface HttpSetting {
  readonly defaults: HttpDefaults;
  readonly deadlines: Deadlines;
  readonly chunks: ChunkQueue;
  readonly maxBodyBytes: number;
  readonly origin: string;
  /** Path of the target's address, put before every path; '' for none. */
  readonly basePath: string;
  readonly isHostAllowed: (hostname: string) => boolean;
  readonly isTargetAllowed: boolean;
  /** Removed from every text that is kept. */
  readonly secret: string | undefined;
  readonly epochMs: number;
}
