/** Counts the edits (insert, delete, replace a letter) that turn one word into the other. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a.charAt(i - 1) === b.charAt(j - 1) ? 0 : 1);
      current.push(Math.min(replaced, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/**
 * Finds the name with the fewest edits.
 *
 * @param maximumEdits maximum of different letters; default: depends on the length
 * @returns null if no name is close enough
 */
export function closestName(
  written: string,
  names: readonly string[],
  maximumEdits: number = Math.max(2, Math.floor(written.length / 3)),
): string | null {
  let best: string | null = null;
  let bestDistance = maximumEdits + 1;
  for (const name of names) {
    const edits = distance(written.toLowerCase(), name.toLowerCase());
    if (edits < bestDistance) [best, bestDistance] = [name, edits];
  }
  return best;
}
