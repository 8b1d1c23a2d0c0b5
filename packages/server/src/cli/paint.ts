const CODES = { good: 32, bad: 31, warn: 33, quiet: 2, strong: 1 } as const;

export type Paint = keyof typeof CODES;

/** Colours a text if colours may be used. */
export function painted(text: string, paint: Paint, colours: boolean | undefined): string {
  return colours ? `\u001b[${CODES[paint]}m${text}\u001b[0m` : text;
}

/** Colours whole words of a finished text. The columns of a table keep their width. */
export function paintWords(text: string, words: Readonly<Record<string, Paint>>, colours: boolean | undefined): string {
  if (!colours) return text;
  const pattern = new RegExp(`(?<![\\w-])(?:${Object.keys(words).join('|')})(?![\\w-])`, 'g');
  return text.replaceAll(pattern, (word) => painted(word, words[word] ?? 'strong', true));
}

/** `[######········]  6/14  Bay 1: move` */
export function progressLine(done: number, total: number, words: string): string {
  const width = 24;
  const filled = total === 0 ? width : Math.round((width * done) / total);
  return `[${'#'.repeat(filled)}${'·'.repeat(width - filled)}]  ${done}/${total}  ${words}`;
}
