/** A port of this machine that nobody may reach: whoever does is heard, whatever it says. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const keptBytes = 500;
const attempts = 20;
const page = 'HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\ncanary';

export class CanaryListener {
  readonly port: number;
  /** What came in, a text for each connection. */
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

  /** On one port of both loopback addresses, since a name may lead to either. */
  static async open(): Promise<CanaryListener> {
    for (let attempt = 1; ; attempt += 1) {
      const first = await listen('127.0.0.1', 0);
      const { port } = first.address() as AddressInfo;
      const second = await listen('::1', port).catch((error: unknown) => error);
      if (!(second instanceof Error)) return new CanaryListener([first, second as Server]);
      const { code } = second as NodeJS.ErrnoException;
      // A machine without the newer family has but one loopback address.
      if (code !== 'EADDRINUSE') return new CanaryListener([first]);
      first.close();
      if (attempt === attempts) throw second;
    }
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await Promise.all(this.servers.map((server) => once(server.close(), 'close')));
  }

  /** Answers as a page would, so that a client that got here goes on. */
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

async function listen(host: string, port: number): Promise<Server> {
  const server = createServer();
  server.listen(port, host);
  await once(server, 'listening');
  return server;
}
