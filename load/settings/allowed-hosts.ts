/**
 * Load goes to this machine, or to hosts that were named on purpose. The guard works on the name,
 * before any look-up.
 */

/** Whether load may be sent to the host: loopback, or named in `LOAD_ALLOW_HOSTS`. */
export function isHostAllowed(hostname: string, allowed: readonly string[]): boolean {
  const host = plainHost(hostname);
  return isLoopback(host) || allowed.some((name) => plainHost(name) === host);
}

/** One spelling of a host: `[::2]` and `0:0::2` are `::2`, `Example.com.` is `example.com`, `10.1` is `10.0.0.1`. */
export function plainHost(hostname: string): string {
  const host = unbracketed(hostname.toLowerCase()).replace(/\.$/, '');
  const isVersion6 = host.includes(':');
  if (!isVersion6 && !/^[\da-fx.]*\d$/.test(host)) return host;
  // Addresses have many spellings, of which URL has one.
  const url = `http://${isVersion6 ? `[${host}]` : host}`;
  return URL.canParse(url) ? unbracketed(new URL(url).hostname) : host;
}

function unbracketed(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

/** Throws where load may not be sent to the URL, naming the host and the setting that allows it. */
export function refuseForeignHost(url: string, allowed: readonly string[]): void {
  const { hostname } = new URL(url);
  if (isHostAllowed(hostname, allowed)) return;
  throw new Error(
    `${url}: load is sent to this machine only, and ${hostname} is another. ` +
      `If it is yours to load, name it: LOAD_ALLOW_HOSTS=${[...allowed, hostname].join(',')}`,
  );
}

/** By its name, as `plainHost` spells it. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  if (host === '::1') return true;
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
