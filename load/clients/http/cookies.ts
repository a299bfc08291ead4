/** The cookies of one user, with the limits of browsers, since a server may set ever new ones. */
import { CookieJar, getPublicSuffix, type Cookie } from 'tough-cookie';

const mostPerSite = 180;
const longestBytes = 4096;

export class UserCookies {
  private readonly jar = new CookieJar();
  /** By site. Cookies that were set last are at the end. */
  private readonly sites = new Map<string, Map<string, Cookie>>();

  /** The cookie header of a request to that address; '' if there is none. */
  headerFor(url: string): string {
    return this.jar.getCookieStringSync(url);
  }

  /** Stores the cookies that an answer sets. Cookies that break the rules are ignored, as in a browser. */
  store(setCookie: string, url: string): void {
    if (Buffer.byteLength(setCookie, 'latin1') > longestBytes) return;
    const cookie = this.jar.setCookieSync(setCookie, url, { ignoreError: true });
    if (cookie === undefined) return;
    const own = this.siteOf(cookie);
    const key = JSON.stringify([cookie.domain, cookie.path, cookie.key]);
    own.delete(key);
    own.set(key, cookie);
    const [oldest] = own;
    if (own.size <= mostPerSite || oldest === undefined) return;
    own.delete(oldest[0]);
    const { domain, path, key: name } = oldest[1];
    void this.jar.store.removeCookie(domain, path, name);
  }

  private siteOf({ domain }: Cookie): Map<string, Cookie> {
    const site = getPublicSuffix(domain ?? '') ?? domain ?? '';
    const known = this.sites.get(site) ?? new Map<string, Cookie>();
    this.sites.set(site, known);
    return known;
  }
}
