/**
 * Load may be sent only to this machine, or to hosts that were named on purpose. The guard checks the
 * name before any look-up.
 */

/** Whether load may be sent to the host: loopback, or named in `LOAD_ALLOW_HOSTS`. */
export function isHostAllowed(hostname: string, allowed: readonly string[]): boolean {
  const host = plainHost(hostname);
  return isLoopback(host) || allowed.some((name) => plainHost(name) === host);
}

/**
 * One spelling per host: `[::2]` and `0:0::2` become `::2`, `Example.com.` becomes `example.com`, `10.1`
 * becomes `10.0.0.1`.
 */
export function plainHost(hostname: string): string {
  const host = unbracketed(hostname.toLowerCase()).replace(/\.$/, '');
  const isVersion6 = host.includes(':');
  if (!isVersion6 && !/^[\da-fx.]*\d$/.test(host)) return host;
  // An address has many spellings; URL reduces them to one.
  const url = `http://${isVersion6 ? `[${host}]` : host}`;
  return URL.canParse(url) ? unbracketed(new URL(url).hostname) : host;
}

function unbracketed(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

/** Throws if load may not be sent to the URL, with the host and the setting that allows it. */
export function refuseForeignHost(url: string, allowed: readonly string[]): void {
  const { hostname } = new URL(url);
  if (isHostAllowed(hostname, allowed)) return;
  throw new Error(
    `${url}: load is sent to this machine only, and ${hostname} is another. ` +
      `If it is yours to load, name it: LOAD_ALLOW_HOSTS=${[...allowed, hostname].join(',')}`,
  );
}

/** The host must be in the form that `plainHost` returns. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  if (host === '::1') return true;
  return /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
