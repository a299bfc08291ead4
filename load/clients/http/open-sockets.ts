/** How many sockets the HTTP clients of this process have open, over all loads and checks. */
import type { Socket } from 'node:net';

let open = 0;

/**
 * Counts a socket until it is closed. It counts while it is being opened too, since it has a descriptor
 * and a port then.
 */
export function countSocket(socket: Socket): void {
  open += 1;
  socket.once('close', () => {
    open -= 1;
  });
}

interface Opening {
  readonly clock?: unknown;
  readonly streams: readonly { readonly user: { readonly http: { readonly proxy?: string } } }[];
}

/**
 * A function that counts the sockets of a load. `undefined` if they cannot be counted: in virtual time
 * nothing is sent over sockets, and with a proxy the clients do not open them.
 */
export function socketsOf({ clock, streams }: Opening): (() => number) | undefined {
  const isProxied = streams.some(({ user }) => user.http.proxy !== undefined);
  return clock === undefined && !isProxied ? () => open : undefined;
}
