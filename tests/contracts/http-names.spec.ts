/**
 * A name may get other addresses during a load. The load stays with its first addresses; when these are
 * gone, the name is resolved again, with the same guard. Row 34.
 */
import { expect, test } from '@playwright/test';
import { createServer } from 'node:http';
import { fault } from '../faults/fault-matrix.ts';
import { listening, notOk, TestLoad, verdict, type TestServer } from './client-harness.ts';

const name = 'moved.test';

/** A load on a name whose addresses a test can change. */
function loadOn(port: number) {
  let addresses = ['127.0.0.1'];
  let lookUps = 0;
  const load = new TestLoad({
    url: `http://${name}:${port}`,
    allowedHosts: [name],
    connections: 'none',
    lookUp: (_, callback) => {
      lookUps += 1;
      setImmediate(
        callback,
        null,
        addresses.map((address) => ({ address, family: 4 })),
      );
    },
  });
  const move = (...to: string[]): void => {
    addresses = to;
  };
  return { load, http: load.newUser().http, move, lookUps: () => lookUps };
}

function saying(text: string, host: string, port = 0): Promise<TestServer> {
  const server = createServer((_, response) => response.end(text));
  return listening(server, host, port);
}

test('a name whose system is gone is looked up anew', { annotation: fault(34) }, async () => {
  const first = await saying('first', '127.0.0.1');
  const second = await saying('second', '127.0.0.2', first.port);
  const { load, http, move } = loadOn(first.port);
  expect((await http.get('/')).text()).toBe('first');
  // The other server is there, but receives no request.
  move('127.0.0.2', '127.0.0.1');
  expect((await http.get('/')).text()).toBe('first');
  await first.close();
  expect(verdict(await notOk(http.get('/')))).toBe('failed refused');
  expect((await http.get('/')).text()).toBe('second');
  // From here on these are its addresses.
  move('127.0.0.3');
  expect(verdict(await notOk(http.get('/')))).toBe('failed generator');
  load.close();
  await second.close();
});

test(
  'a name of this machine stays one, whatever it is said to mean',
  { annotation: fault(34) },
  async () => {
    const first = await saying('first', '127.0.0.1');
    const { load, http, move } = loadOn(first.port);
    await http.get('/');
    await first.close();
    await notOk(http.get('/'));
    move('192.0.2.1');
    const sample = await notOk(http.get('/'));
    expect(verdict(sample)).toBe('failed generator');
    expect(sample.errorDetail).toContain(`${name}: none of its addresses`);
    load.close();
  },
);

test('a name that is not known any more is an error of names, and nothing moves', async () => {
  const first = await saying('first', '127.0.0.1');
  const { load, http, move, lookUps } = loadOn(first.port);
  await http.get('/');
  move();
  expect(verdict(await notOk(http.get('/')))).toBe('failed generator');
  move('127.0.0.1');
  expect((await http.get('/')).text()).toBe('first');
  expect(lookUps()).toBe(3);
  load.close();
  await first.close();
});
