/**
 * "100 Continue" that was not requested: some servers and proxies send it for every request with a body,
 * and clients have to ignore it (RFC 9110, 15.2). undici ends the connection instead. It does ignore
 * other interim answers, so this one is rewritten to another as it arrives.
 */
import type { Socket } from 'node:net';

const statusLine = Buffer.from('HTTP/1.');
/** Position of the status digits in `HTTP/1.1 100`. */
const [first, last] = [9, 11];
const [zero, one, two] = [48, 49, 50];
const endOfHead = '\r\n\r\n';

/** Hides these answers from the reader of `socket` from here on. `watcher` knows when a head is expected. */
export function passOverContinue(socket: Socket, watcher: { readonly awaitsHead: boolean }): void {
  const read = socket.read.bind(socket);
  socket.read = (size?: number): unknown => {
    const bytes = read(size) as Buffer | null;
    if (bytes !== null && watcher.awaitsHead && bytes[first] === one) rewrite(bytes);
    return bytes;
  };
}

/** Rewrites the interim answers at the beginning of the received bytes. */
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
