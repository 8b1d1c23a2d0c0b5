/** Which proxies to use: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`, as most programs read them. */
export interface Proxies {
  /** For `https:` addresses; for `http:` too, when `http` is missing. */
  readonly https?: string | undefined;
  /** For `http:` addresses; for `https:` too, when `https` is missing. */
  readonly http?: string | undefined;
  /**
   * Hosts to reach directly, separated by commas or blanks. `example.com`, `.example.com` and `*.example.com` mean the
   * host and all below it; `example.com:8080` means that port only; `*` means every host.
   */
  readonly no?: string | undefined;
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** Reads the variables, in upper or lower case. An empty variable counts as not set. */
export function readProxies(environment: Readonly<Record<string, string | undefined>>): Proxies {
  const read = (name: string): string | undefined =>
    (environment[name] ?? environment[name.toLowerCase()])?.trim() || undefined;
  return { https: read('HTTPS_PROXY'), http: read('HTTP_PROXY'), no: read('NO_PROXY') };
}

/** The address of a proxy. `proxy.example:3128` means `http://proxy.example:3128`. @returns null if it is not one */
export function parseProxy(address: string): URL | null {
  const complete = /^[a-z][\w+.-]*:\/\//i.test(address) ? address : `http://${address}`;
  if (!URL.canParse(complete)) return null;
  const url = new URL(complete);
  return /^https?:$/.test(url.protocol) && url.hostname !== '' ? url : null;
}

/** Removes user name and password from an address. */
export function withoutCredentials(url: URL): string {
  return `${url.protocol}//${url.host}`;
}

/** The proxy for an address. @returns null if the address is to be reached directly */
export function proxyOf(proxies: Proxies, target: URL): URL | null {
  const address = target.protocol === 'https:' ? (proxies.https ?? proxies.http) : (proxies.http ?? proxies.https);
  if (address === undefined || isExempt(proxies.no ?? '', target)) return null;
  return parseProxy(address);
}

/** `host`, `host:port`, `[IPv6]:port`, or an IPv6 address alone. */
const ENTRY = /^(?:\[(?<bracketed>[^\]]+)\]|(?<ipv6>[^:]*:[^:]*:.*)|(?<host>[^:]+))(?::(?<port>\d+))?$/;

function isExempt(list: string, target: URL): boolean {
  const port = target.port || DEFAULT_PORTS[target.protocol];
  const hostname = target.hostname.replace(/^\[|\]$/g, '');
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === '*') return true;
      const { bracketed, ipv6, host, port: only } = ENTRY.exec(entry)?.groups ?? {};
      const name = (bracketed ?? ipv6 ?? host)?.replace(/^\*?\./, '');
      if (name === undefined || (only !== undefined && only !== port)) return false;
      return hostname === name || hostname.endsWith(`.${name}`);
    });
}
