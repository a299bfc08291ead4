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

export function openSockets(): number {
  return open;
}
