import type { StoreLocation } from './service-settings.js';

/** The address, if it is an absolute `http` or `https` one without user, query or fragment; else null. */
export function parseAddress(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol)) return null;
  return url.username || url.password || url.search || url.hash ? null : url;
}

/** The address without a slash at its end. */
export function withoutTrailingSlash(text: string): string {
  return text.replace(/\/+$/, '');
}

/** This machine itself, where plain HTTP leaves nothing on a wire. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** `STORE_URL`; null when it is none of the three kinds. */
export function parseStoreUrl(text: string): StoreLocation | null {
  if (text === 'memory:') return { kind: 'memory' };
  if (/^mongodb(\+srv)?:\/\/[^/]/.test(text)) return { kind: 'mongo', url: text };
  const path = /^sqlite:(?<path>.+)$/.exec(text)?.groups?.['path'];
  return path === undefined ? null : { kind: 'sqlite', path };
}
