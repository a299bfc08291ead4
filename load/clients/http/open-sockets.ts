/** How many sockets the HTTP clients of this process have open, whichever load or question they serve. */
import type { Socket } from 'node:net';

let open = 0;

/** Counts it until it is closed; while it is being opened, too: it takes a descriptor and a port from then on. */
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
 * What counts the sockets of a load; `undefined` where nobody can: on a clock of its own it sends nothing over sockets,
 * and through a proxy the clients do not open them.
 */
export function socketsOf({ clock, streams }: Opening): (() => number) | undefined {
  const isProxied = streams.some(({ user }) => user.http.proxy !== undefined);
  return clock === undefined && !isProxied ? () => open : undefined;
}
