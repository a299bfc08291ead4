import { expect, test } from '@playwright/test';
import { readSettings } from '../../../load/settings/settings.ts';
import { isHostAllowed, refuseForeignHost } from '../../../load/settings/allowed-hosts.ts';

for (const host of [
  'localhost',
  'LOCALHOST',
  'localhost.',
  'app.localhost',
  '127.0.0.1',
  '127.1.2.3',
  '::1',
  '[::1]',
]) {
  test(`load may go to ${host}`, () => {
    expect(isHostAllowed(host, [])).toBe(true);
  });
}

for (const host of [
  'example.com',
  'localhost.example.com',
  'notlocalhost',
  '127.0.0.1.example.com',
  '127.0.0.1.nip.io',
  '128.0.0.1',
  '10.0.0.1',
  '0.0.0.0',
  '::',
  '[::2]',
  'fe80::1',
  '',
]) {
  test(`load may not go to "${host}"`, () => {
    expect(isHostAllowed(host, [])).toBe(false);
  });
}

test('a host that was named may be sent load, and no other under its name', () => {
  const allowed = ['Staging.example.com'];
  expect(isHostAllowed('staging.EXAMPLE.com', allowed)).toBe(true);
  expect(isHostAllowed('staging.example.com.', allowed)).toBe(true);
  expect(isHostAllowed('example.com', allowed)).toBe(false);
  expect(isHostAllowed('a.staging.example.com', allowed)).toBe(false);
});

test('a foreign address is refused with the setting that would allow it', () => {
  expect(() => {
    refuseForeignHost('https://api.example.com/chat', ['other.example.com']);
  }).toThrow('LOAD_ALLOW_HOSTS=other.example.com,api.example.com');
});

test('addresses that spell loopback in another way are understood as the URL does', () => {
  for (const url of ['http://127.1:80/', 'http://0x7f000001/', 'http://2130706433/']) {
    expect(() => {
      refuseForeignHost(url, []);
    }).not.toThrow();
  }
});

test('credentials before a host do not make it another', () => {
  expect(() => {
    refuseForeignHost('http://localhost@example.com/', []);
  }).toThrow('example.com is another');
});

for (const url of [
  'http://[fd00::7]:8080/',
  'http://staging.example.com.:8080/',
  'http://10.0.0.7/',
]) {
  test(`${url} is allowed by what its refusal advises`, () => {
    let advice = '';
    try {
      refuseForeignHost(url, []);
    } catch (error) {
      advice = /LOAD_ALLOW_HOSTS=(\S+)/.exec((error as Error).message)![1]!;
    }
    const { LOAD_ALLOW_HOSTS } = readSettings({ LOAD_ALLOW_HOSTS: advice });
    refuseForeignHost(url, LOAD_ALLOW_HOSTS);
  });
}

for (const [name, url] of [
  ['fd00:0:0:0:0:0:0:7', 'http://[fd00::7]:8080/'],
  ['FD00:0::0007', 'http://[fd00::7]/'],
  ['[FD00::7]', 'http://[fd00:0::7]/'],
  ['10.1', 'http://10.0.0.1/'],
  ['10.0.0.1', 'http://0x0a.1/'],
  ['::ffff:10.0.0.1', 'http://[::ffff:a00:1]/'],
] as const) {
  test(`${name} allows ${url}, which is another spelling of it`, () => {
    const { LOAD_ALLOW_HOSTS } = readSettings({ LOAD_ALLOW_HOSTS: name });
    refuseForeignHost(url, LOAD_ALLOW_HOSTS);
    expect(() => {
      refuseForeignHost('http://[fd00::8]/', LOAD_ALLOW_HOSTS);
    }).toThrow('fd00::8');
  });
}

test('what is no host is refused, since it would allow nothing', () => {
  for (const text of [
    'http://staging.example.com',
    'staging.example.com:8080',
    'a b',
    '*.example.com',
  ]) {
    expect(() => readSettings({ LOAD_ALLOW_HOSTS: text })).toThrow('without scheme and port');
  }
});
