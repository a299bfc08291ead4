import { expect, test } from '@playwright/test';
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
