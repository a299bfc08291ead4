/** Cookies of one user. The jar is made when the first cookie comes: most targets set none. */
import { CookieJar } from 'tough-cookie';
import type { Exchange } from './exchange.ts';

/** Takes in what an answer sets. Cookies that break the rules are left out, as a browser would. */
export function storeCookies(
  jar: CookieJar | undefined,
  exchange: Exchange,
  url: string,
): CookieJar | undefined {
  if (exchange.header('set-cookie') === undefined) return jar;
  const own = jar ?? new CookieJar();
  for (const cookie of exchange.allHeaders('set-cookie')) {
    own.setCookieSync(cookie, url, { ignoreError: true });
  }
  return own;
}

/** Name and value of the header for a request to `url`; nothing where no cookie applies. */
export function cookieHeader(jar: CookieJar, url: string): string[] {
  const cookies = jar.getCookieStringSync(url);
  return cookies === '' ? [] : ['cookie', cookies];
}
