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

/** Parses `STORE_URL`. @returns null if it is none of the three kinds */
export function parseStoreUrl(text: string): StoreLocation | null {
  if (text === 'memory:') return { kind: 'memory' };
  if (/^mongodb(\+srv)?:\/\/[^/]/.test(text)) return { kind: 'mongo', url: text };
  const path = /^sqlite:(?<path>.+)$/.exec(text)?.groups?.['path'];
  return path === undefined ? null : { kind: 'sqlite', path };
}
