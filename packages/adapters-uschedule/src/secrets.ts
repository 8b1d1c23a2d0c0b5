/** Number of auth keys kept for redaction: the current one, and earlier ones that a late answer may quote. */
const REMEMBERED_AUTH_KEYS = 8;

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '"': '&quot;|&#34;',
  "'": '&#39;|&apos;',
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
};

/**
 * The texts that must never appear in an error. Every text from USchedule is passed through `redact` before it is kept.
 */
export class Secrets {
  readonly #fixed: readonly RegExp[];
  #authKeys: readonly string[] = [];

  constructor(fixed: readonly string[]) {
    // A header value is sent without outer spaces, so an echo may lack them.
    this.#fixed = fixed
      .map((secret) => secret.trim())
      .filter((secret) => secret !== '')
      .map(patternOf);
  }

  addAuthKey(key: string): void {
    this.#authKeys = [...this.#authKeys.filter((existing) => existing !== key), key].slice(-REMEMBERED_AUTH_KEYS);
  }

  redact(text: string): string {
    const patterns = [...this.#fixed, ...this.#authKeys.map(patternOf)];
    return patterns.reduce((clean, pattern) => clean.replace(pattern, '[secret]'), text);
  }
}

/** Matches a secret in plain form, and as it is escaped in JSON (at any nesting), in addresses and in HTML. */
function patternOf(secret: string): RegExp {
  return new RegExp(Array.from(secret, formsOf).join(''), 'gi');
}

function formsOf(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  const jsonEscape = units.map((unit) => `\\\\+u${unit.toString(16).padStart(4, '0')}`).join('');
  const bytes = [...new TextEncoder().encode(character)];
  const percentEscape = bytes.map((byte) => `%(?:25)*${byte.toString(16).padStart(2, '0')}`).join('');
  const literal = character === '\\' ? '\\\\+' : `\\\\*${character.replace(/[.*+?^${}()|[\]]/g, '\\$&')}`;
  const entity = HTML_ENTITIES[character];
  return `(?:${[literal, jsonEscape, percentEscape, ...(entity === undefined ? [] : [entity])].join('|')})`;
}
