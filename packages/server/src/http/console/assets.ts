import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { gridStyle } from './grid-style.js';

export interface Asset {
  readonly type: string;
  readonly text: string;
  readonly etag: string;
}

/** The directory beside the package's code, or beside the program if it is a bundle. */
const PLACES = ['../../../assets/', './assets/'] as const;

function read(name: string): string {
  const places = PLACES.map((place) => new URL(`${place}${name}`, import.meta.url));
  const found = places.find((place) => existsSync(place));
  if (!found) throw new Error(`the console's file ${name} is missing from this installation`);
  return readFileSync(found, 'utf8');
}

function asset(type: string, text: string): Asset {
  return { type, text, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` };
}

/** The static files of the page by their names. Read at the first request. */
export function loadAssets(): ReadonlyMap<string, Asset> {
  return new Map([
    ['console.js', asset('text/javascript; charset=utf-8', read('console.js'))],
    ['console.css', asset('text/css; charset=utf-8', read('console.css') + gridStyle())],
    ['icon.svg', asset('image/svg+xml', read('icon.svg'))],
  ]);
}
