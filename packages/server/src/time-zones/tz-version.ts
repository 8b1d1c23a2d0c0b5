/** A version of the tz database: year and letters, as in `2026f`. */
const VERSION = /\b(\d{4})([a-z]+)\b/;

/** Finds a version such as `2026f` in a text, for example `# version 2026f`. @returns null if there is none */
export function findTzVersion(text: string): string | null {
  return VERSION.exec(text)?.[0] ?? null;
}

/** @returns the year of a version; null if the text is not a version */
export function yearOfTzVersion(version: string): number | null {
  const year = VERSION.exec(version)?.[1];
  return year === undefined ? null : Number(year);
}

/**
 * Compares two versions: negative if `a` is older. Within a year, releases are named a to z, then with more letters. An
 * unknown version is older than any other.
 */
export function compareTzVersions(a: string | null, b: string | null): number {
  const [yearOfA, lettersOfA] = partsOf(a);
  const [yearOfB, lettersOfB] = partsOf(b);
  if (yearOfA !== yearOfB) return yearOfA - yearOfB;
  if (lettersOfA.length !== lettersOfB.length) return lettersOfA.length - lettersOfB.length;
  if (lettersOfA === lettersOfB) return 0;
  return lettersOfA < lettersOfB ? -1 : 1;
}

function partsOf(version: string | null): readonly [year: number, letters: string] {
  const [, year = '0', letters = ''] = VERSION.exec(version ?? '') ?? [];
  return [Number(year), letters];
}
