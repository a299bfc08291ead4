/**
 * "100 Continue" that nobody asked for: some servers and proxies say it to every request with a body, and
 * any client has to pass over it (RFC 9110, 15.2). undici ends the connection instead. Every other interim
 * answer it does pass over, so this one is made another as it comes in.
 */
import type { Socket } from 'node:net';

const statusLine = Buffer.from('HTTP/1.');
/** Where the digits of the status stand, in `HTTP/1.1 100`. */
const [first, last] = [9, 11];
const [zero, one, two] = [48, 49, 50];
const endOfHead = '\r\n\r\n';

/** From here on `socket` gives no such answer to its reader. `watcher` knows when a head is to come. */
export function passOverContinue(socket: Socket, watcher: { readonly awaitsHead: boolean }): void {
  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    const bytes = read(size) as Buffer | null;
    if (bytes !== null && watcher.awaitsHead && bytes[first] === one) rewrite(bytes);
    return bytes;
  };
}

/** Goes through the interim answers at the beginning of what came in. */
function rewrite(bytes: Buffer): void {
  for (let at = 0; isInterim(bytes, at);) {
    const isContinue = bytes[at + first + 1] === zero && bytes[at + last] === zero;
    if (isContinue) bytes[at + last] = two;
    const end = bytes.indexOf(endOfHead, at);
    if (end < 0) return;
    at = end + endOfHead.length;
  }
}

function isInterim(bytes: Buffer, at: number): boolean {
  const isLine = bytes.subarray(at, at + statusLine.length).equals(statusLine);
  return isLine && bytes[at + first] === one;
}
