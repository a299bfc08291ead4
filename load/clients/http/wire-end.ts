import type { DecodingProblem } from './decode-body.ts';

/** How an exchange ended on the wire. */
export type WireEnd =
  | { readonly kind: 'complete' }
  /** The answer is whole, its body may go on: the connection is not free yet. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'tooLarge' }
  /** Answers of other requests leave no room for it. */
  | { readonly kind: 'noRoom' }
  /** Whoever reads the chunks threw. */
  | { readonly kind: 'unreadable'; readonly error: unknown }
  /** The chunks can't be unpacked. */
  | { readonly kind: 'undecodable'; readonly problem: DecodingProblem }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'interrupted' };
