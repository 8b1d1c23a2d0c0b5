import type { StoreLocation } from './service-settings.js';

/** @returns the address if it is an absolute `http` or `https` address without user, query or fragment; else null */
export function parseAddress(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return null;
  return url.username || url.password || url.search || url.hash ? null : url;
}

/** Removes a slash at the end of the address. */
export function withoutTrailingSlash(text: string): string {
  return text.replace(/\/+$/, '');
}

/** Whether the host is this machine, where plain HTTP sends nothing over a network. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

const MONGO_ADDRESS =
  /^mongodb(?<srv>\+srv)?:\/\/(?:(?<login>[^:/?#[\]@]+(?::[^:/?#[\]@]*)?)@)?(?<hosts>[^/?@]+)(?:[/?].*)?$/;
const MONGO_HOST = /^(?:\[[^\]]+\]|[^:[\]]+)(?::(?<port>\d{1,5}))?$/;

/**
 * Can the driver read this address? It must be found out before the driver is loaded. Any of the characters `%:/?#[]@` in a user
 * name or password has to be encoded.
 */
function isMongoAddress(text: string): boolean {
  const { srv, login = '', hosts = '' } = MONGO_ADDRESS.exec(text)?.groups ?? {};
  const isDecodable = !/%(?![0-9a-f]{2})/i.test(login);
  const isHost = (host: string): boolean => {
    const match = MONGO_HOST.exec(host);
    const port = match?.groups?.['port'];
    return match !== null && (port === undefined || (srv === undefined && Number(port) > 0 && Number(port) < 65536));
  };
  return (
    hosts !== '' &&
    isDecodable &&
    hosts.split(',').every((host) => host === '' || isHost(host)) &&
    !(srv !== undefined && hosts.includes(','))
  );
}

/** Parses `STORE_URL`. @returns null if it is none of the three kinds */
export function parseStoreUrl(text: string): StoreLocation | null {
  if (text === 'memory:') return { kind: 'memory' };
  if (isMongoAddress(text)) return { kind: 'mongo', url: text };
  const path = /^sqlite:(?<path>.+)$/.exec(text)?.groups?.['path'];
  return path === undefined ? null : { kind: 'sqlite', path };
}
