/** Probes of the page tool: spellings of the canary listener's address, redirects to it, endless pages. */
import type { Place, Probe, ProbeCall } from './probe.ts';

const hosts = ['127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]'];
const spellings = ['2130706433', '0x7f000001', '0177.0.0.1', '127.1', '0.0.0.0'];

function letter(i: number): string {
  return String.fromCharCode(97 + i);
}

function probe(id: string, url: (place: Place) => string, needsPages = false): Probe {
  const call = (place: Place): ProbeCall => ({ tool: 'web_scrape', args: { url: url(place) } });
  return { id, family: 'web', needsPages, call };
}

function canary({ port, path }: Place, host = '127.0.0.1'): string {
  return `http://${host}:${port}${path}`;
}

function redirect(place: Place, parameters: string): string {
  return `${place.pages}/redirect?${parameters}&to=${encodeURIComponent(canary(place))}`;
}

/** The listener's address disguised as that of the pages. */
function disguised({ pages, port, path }: Place): string {
  return `http://${pages.replace(/^https?:\/\//, '')}@127.0.0.1:${port}${path}`;
}

function refreshed(place: Place): string {
  return `${place.pages}/refresh?to=${encodeURIComponent(canary(place))}`;
}

const endless = ['/large', '/packed', '/endless'];

export const webProbes: readonly Probe[] = [
  ...hosts.map((host, i) => probe(`web-1${letter(i)}`, (place) => canary(place, host))),
  ...spellings.map((host, i) => probe(`web-2${letter(i)}`, (place) => canary(place, host))),
  probe('web-3a', (place) => redirect(place, 'status=302'), true),
  probe('web-3b', (place) => redirect(place, 'status=307'), true),
  probe('web-3c', (place) => redirect(place, 'status=302&hops=2'), true),
  probe('web-3d', refreshed, true),
  probe('web-4a', disguised, true),
  probe('web-4b', (place) => `${canary(place)}#${place.pages}`, true),
  probe('web-4c', (place) => canary(place).replace('http', 'ht\ttp')),
  probe('web-4d', (place) => canary(place).replace('http', 'ht\ntp')),
  probe('web-5a', ({ out }) => `file://${out}/secret`),
  probe('web-5b', ({ port, path }) => `gopher://127.0.0.1:${port}/_${path}`),
  probe('web-5c', ({ port, path }) => `dict://127.0.0.1:${port}${path}`),
  probe('web-5d', ({ port, path }) => `ftp://127.0.0.1:${port}${path}`),
  probe(
    'web-5e',
    (place) => `data:text/html,<meta http-equiv="refresh" content="0;url=${canary(place)}">`,
  ),
  ...endless.map((path, i): Probe => {
    const id = `web-6${letter(i)}`;
    return { ...probe(id, ({ pages }) => `${pages}${path}`, true), mustAnswer: true };
  }),
  { ...probe('web-allow', ({ pages }) => `${pages}/pages/1`, true), control: 'success' },
];

/** All hosts in a text, for the check that none is another machine. */
export function hostsIn(text: string): string[] {
  const plain = text.replaceAll(/[\t\n\r]/g, '');
  const found = plain
    .split('://')
    .slice(1)
    .map((rest) => /^[^/?#\s"<>]*/.exec(rest)![0]);
  // A URL in a query parameter, as in redirects.
  const decoded = plain.replaceAll(/%3a/gi, ':').replaceAll(/%2f/gi, '/').replaceAll(/%40/g, '@');
  const nested = decoded === plain ? [] : hostsIn(decoded);
  return [...found, ...nested].map((host) => host.replace(/^.*@/, '').replace(/:\d*$/, ''));
}

const loopback = [...hosts, ...spellings, ''];

/** Throws if a probe could make the server send something to another machine. */
export function refuseForeignHosts(id: string, text: string): void {
  const foreign = hostsIn(text).find((host) => !loopback.includes(host.toLowerCase()));
  if (foreign === undefined) return;
  throw new Error(`probe ${id}: names the host ${foreign}; probes never leave this machine`);
}
