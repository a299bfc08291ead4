import type { DecodingProblem } from './decode-body.ts';

/** How an exchange ended on the wire. */
export type WireEnd =
  | { readonly kind: 'complete' }
  /** The answer is complete, but its body may go on, so the connection is not free yet. */
  | { readonly kind: 'answered' }
  | { readonly kind: 'error'; readonly error: unknown }
  | { readonly kind: 'tooLarge' }
  /** The answers of all requests take too much memory. */
  | { readonly kind: 'noRoom' }
  /** The reader of the chunks threw. */
  | { readonly kind: 'unreadable'; readonly error: unknown }
  /** The chunks cannot be decoded. */
  | { readonly kind: 'undecodable'; readonly problem: DecodingProblem }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'interrupted' };
