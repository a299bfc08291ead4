import { expect, test } from '@playwright/test';
import { UserCookies } from '../../../../load/clients/http/cookies.ts';

const url = 'http://127.0.0.1:8080/';
const names = (cookies: UserCookies, at = url): string[] =>
  cookies
    .headerFor(at)
    .split('; ')
    .map((pair) => pair.split('=')[0]!)
    .filter((name) => name !== '');

test('what was set is sent, and what was set anew or taken back is not', () => {
  const cookies = new UserCookies();
  for (const set of ['a=1; Path=/', 'b=2', 'a=3; Path=/', 'c=4; Path=/other', 'b=; Max-Age=0']) {
    cookies.store(set, url);
  }
  expect(cookies.headerFor(url)).toBe('a=3');
});

test('a site has 180, of which the ones that were set longest ago go', () => {
  const cookies = new UserCookies();
  for (let i = 0; i < 180; i += 1) cookies.store(`c${i}=1`, url);
  expect(names(cookies)).toHaveLength(180);
  // Set anew, it is the youngest.
  cookies.store('c0=2', url);
  cookies.store('last=1', url);
  const kept = names(cookies);
  expect(kept).toHaveLength(180);
  expect(kept).toEqual(expect.arrayContaining(['c0', 'c2', 'c179', 'last']));
  expect(kept).not.toContain('c1');
});

test('ever new ones keep neither more nor slower than that', () => {
  const cookies = new UserCookies();
  for (let i = 0; i < 20_000; i += 1) cookies.store(`c${i}=1; Path=/p${i % 3}`, url);
  const all = [0, 1, 2].flatMap((i) => names(cookies, `${url}p${i}`));
  expect(all).toHaveLength(180);
  expect(all).toContain('c19999');
});

test('hosts of one site share its bound, others have their own', () => {
  const cookies = new UserCookies();
  const [one, two, other] = [
    'http://a.example.com/',
    'http://b.example.com/',
    'http://example.org/',
  ];
  for (let i = 0; i < 180; i += 1) cookies.store(`c${i}=1`, i % 2 === 0 ? one : two);
  cookies.store('last=1; Domain=example.com', one);
  cookies.store('other=1', other);
  expect(names(cookies, one)).not.toContain('c0');
  expect(new Set([...names(cookies, one), ...names(cookies, two)]).size).toBe(180);
  expect(names(cookies, other)).toEqual(['other']);
});

test('one of more than 4 kB is none', () => {
  const cookies = new UserCookies();
  const sized = (bytes: number): string => `a=${'x'.repeat(bytes - 2)}`;
  cookies.store(sized(4097), url);
  expect(cookies.headerFor(url)).toBe('');
  cookies.store(sized(4096), url);
  expect(cookies.headerFor(url)).toHaveLength(4096);
});
