/** Preloaded into a server of others: lets it listen on loopback only, on a free port, and reports the port. */
import { Server, type AddressInfo } from 'node:net';

type Listen = (this: Server, port: number, host: string, done?: () => void) => Server;

const listen = Reflect.get(Server.prototype, 'listen') as Listen;

Server.prototype.listen = function onLoopback(this: Server, ...args: unknown[]): Server {
  this.once('listening', () => {
    process.send?.((this.address() as AddressInfo).port);
  });
  const done = args.find((arg): arg is () => void => typeof arg === 'function');
  return listen.call(this, 0, '127.0.0.1', done);
};
