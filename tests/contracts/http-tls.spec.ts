/** Certificates are checked unless a flag, which every report shows, turns that off: row 24. */
import { expect, test } from '@playwright/test';
import { createServer, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { httpFlags } from '../../load/clients/http/http-clients.ts';
import type { TlsOptions } from '../../load/clients/http/http.ts';
import { fault } from '../faults/fault-matrix.ts';
import {
  httpServer,
  listening,
  notOk,
  TestLoad,
  verdict,
  type TestServer,
} from './client-harness.ts';
import { TestAuthority } from './test-certificates.ts';

let authority: TestAuthority;
test.beforeAll(() => {
  authority = new TestAuthority();
});
test.afterAll(() => {
  authority.remove();
});

/** The name in the client's certificate, if it sent one. */
function shownName(socket: Socket): string {
  const certificate = socket instanceof TLSSocket ? socket.getPeerCertificate() : undefined;
  // An empty object without a certificate, although the type says otherwise.
  const { subject } = certificate ?? {};
  return String(subject?.CN);
}

async function secureServer(options: ServerOptions): Promise<TestServer> {
  const server = createServer(options, (request, response) => {
    response.end(shownName(request.socket));
  });
  return listening(server);
}

function loadOn(server: TestServer, tls: TlsOptions, host = '127.0.0.1'): TestLoad {
  return new TestLoad({ url: `https://${host}:${server.port}`, http: { tls } });
}

for (const host of ['127.0.0.1', 'localhost'] as const) {
  test(`${host}: a certificate for it by a given authority is accepted, and its share is told`, async () => {
    const name = host === 'localhost' ? 'DNS:localhost' : 'IP:127.0.0.1';
    const server = await secureServer(authority.issue(name));
    const load = loadOn(server, { ca: authority.ca }, host);
    const { http } = load.newUser();
    await http.get('/');
    await http.get('/');
    const [first, second] = load.samples;
    expect(first!.valueOf('tls')).toBeGreaterThan(0);
    expect(first!.valueOf('connect')).toBeGreaterThan(0);
    expect(first!.valueOf('tls')! + first!.valueOf('connect')!).toBeLessThanOrEqual(
      first!.endedAtMs - first!.startedAtMs,
    );
    // Only the request that opened the connection has the handshake's time.
    expect([second!.valueOf('connect'), second!.valueOf('tls')]).toEqual([undefined, undefined]);
    load.close();
    await server.close();
  });
}

test(
  'expired, self-signed, unknown and foreign certificates are of kind tls, and nothing is sent',
  { annotation: fault(24) },
  async () => {
    const { ca } = authority;
    const cases: [Parameters<typeof secureServer>[0], TlsOptions][] = [
      [authority.issue('IP:127.0.0.1', 'expired'), { ca }],
      [authority.selfSigned(), {}],
      [authority.issue('IP:127.0.0.1'), {}],
      [authority.issue('DNS:other.example'), { ca }],
      // A certificate for a name is not valid for an address.
      [authority.issue('DNS:localhost'), { ca }],
    ];
    for (const [options, tls] of cases) {
      const server = await secureServer(options);
      const strict = loadOn(server, tls);
      expect(verdict(await notOk(strict.newUser().http.get('/')))).toBe('failed tls');
      const lax = loadOn(server, { ...tls, acceptAnyCertificate: true });
      await lax.newUser().http.get('/');
      strict.close();
      lax.close();
      await server.close();
    }
  },
);

test('a server that speaks no TLS is of kind tls or reset, and the run goes on', async () => {
  const server = await httpServer();
  const load = new TestLoad({ url: `https://127.0.0.1:${server.port}` });
  expect((await notOk(load.newUser().http.get('/'))).errorKind).toMatch(/tls|reset/);
  expect(server.seen).toHaveLength(0);
  load.close();
  await server.close();
});

test('a client certificate is shown to a server that wants one', async () => {
  const { ca } = authority;
  const server = await secureServer({
    ...authority.issue('IP:127.0.0.1'),
    ca,
    requestCert: true,
    rejectUnauthorized: true,
  });
  const load = loadOn(server, { ca, ...authority.issue('DNS:client') });
  expect((await load.newUser().http.get('/')).text()).toMatch(/^c\d+$/);
  const without = loadOn(server, { ca });
  expect(verdict(await notOk(without.newUser().http.get('/')))).toMatch(/failed (tls|reset)/);
  load.close();
  without.close();
  await server.close();
});

test('every departure from the safe defaults has its flag', () => {
  expect(httpFlags({})).toEqual([]);
  expect(httpFlags({ tls: { ca: 'x' } })).toEqual([]);
  const flags = httpFlags({ tls: { acceptAnyCertificate: true }, proxy: 'http://user:pw@proxy:1' });
  expect(flags).toHaveLength(2);
  expect(flags.join()).toContain('certificate');
  expect(flags.join()).toContain('proxy:1');
  expect(flags.join()).not.toContain('pw');
});
