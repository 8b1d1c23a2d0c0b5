import { readFileSync } from 'node:fs';

/** Replaced by `scripts/bundle.mjs`: a bundle has no manifest of this package beside it. */
declare const LOFT_SYNC_VERSION: string | undefined;

/** @returns the version of the installed package */
export function packageVersion(): string {
  if (typeof LOFT_SYNC_VERSION === 'string') return LOFT_SYNC_VERSION;
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '';
}
