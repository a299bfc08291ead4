/** A port of this machine that nobody may connect to. Every connection is recorded. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const keptBytes = 500;
const attempts = 20;
const page = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\ncanary';

export class CanaryListener {
  readonly port: number;
  /** The received data, one text per connection. */
  readonly heard: string[] = [];
  private readonly servers: readonly Server[];
  private readonly sockets = new Set<Socket>();

  private constructor(servers: readonly Server[]) {
    this.servers = servers;
    this.port = (servers[0]!.address() as AddressInfo).port;
    for (const server of servers) {
      server.on('connection', (socket) => {
        this.receive(socket);
      });
    }
  }

  /** Listens on one port of both loopback addresses, since a name may resolve to either. */
  static async open(): Promise<CanaryListener> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return new CanaryListener(await onLoopback(0, createServer));
      } catch (error) {
        if (attempt === attempts) throw error;
      }
    }
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.servers.map((server) => once(server.close(), 'close')));
  }

  /** Answers like a web page, so that a client that got here goes on. */
  private receive(socket: Socket): void {
    const i = this.heard.push('a connection') - 1;
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => this.sockets.delete(socket));
    socket.once('data', (bytes) => {
      this.heard[i] = bytes.subarray(0, keptBytes).toString('latin1');
      socket.end(page);
    });
  }
}

/**
 * Servers on one port of both loopback addresses; a machine may have only IPv4. Rejects if the port is in
 * use.
 */
export async function onLoopback<S extends Server>(port: number, make: () => S): Promise<S[]> {
  const first = await listening(make(), '127.0.0.1', port);
  try {
    return [first, await listening(make(), '::1', (first.address() as AddressInfo).port)];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') return [first];
    await once(first.close(), 'close');
    throw error;
  }
}

export async function listening<S extends Server>(server: S, host: string, port: number) {
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
