const HIDDEN = '[redacted]';

/** Names under which the two systems and our own settings carry secrets. */
const SECRET_NAME = /authorization|password|secret|private.?key|app(lication)?.?key|auth.?key|token$|assertion|cookie/i;

/** Names under which the two systems carry what belongs to a customer and not into a log. */
const PERSONAL = String.raw`first_?name|last_?name|full_?name|customer_?name|client_?name|display_?name|e_?mail\w*|phone\w*|mobile\w*|summary|description|notes?|comments?|address\w*|street|birth\w*`;
const PERSONAL_NAME = new RegExp(`^(?:${PERSONAL})$`, 'i');
/** The same in a text that is JSON, or was before it was cut; the quotes may be escaped. */
const PERSONAL_IN_TEXT = new RegExp(String.raw`(\\*"(?:${PERSONAL})\\*"\s*:\s*)(\\*")(?:\\.|(?!\2).)*?(?:\2|$)`, 'gis');

/** Shorter values would blot out ordinary words, and are no secrets worth the name. */
const SHORTEST_SECRET = 6;

function isPrivate(name: string, value: unknown): boolean {
  if (value === null) return false;
  return SECRET_NAME.test(name) || (typeof value === 'string' && PERSONAL_NAME.test(name));
}

/** A text in which what stands under a personal name is hidden, as far as it is JSON or the beginning of it. */
export function hidePersonalText(text: string): string {
  return text.replace(PERSONAL_IN_TEXT, `$1$2${HIDDEN}$2`);
}

/** A copy of a value in which everything that stands under the name of a secret or of something personal is hidden, at any depth. */
export function hidePrivateFields(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return hidePersonalText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 8) return '[cut]';
  if (Array.isArray(value)) return value.map((entry) => hidePrivateFields(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      isPrivate(name, entry) ? HIDDEN : hidePrivateFields(entry, depth + 1),
    ]),
  );
}

/**
 * Makes a function that blots secrets out of a finished line of text: the ones given, wherever they stand, and
 * whatever looks like a bearer token or a signed assertion. The last line of defence behind adapters that put no
 * secret into an error in the first place.
 */
export function secretBlotter(secrets: readonly string[]): (line: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  // The longest first, so that a secret that holds another one goes as a whole.
  const known = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (line) => {
    let clean = line;
    for (const secret of known) clean = clean.replaceAll(secret, HIDDEN);
    return clean
      .replace(/\bBearer\s+[\w.~+/-]+=*/gi, `Bearer ${HIDDEN}`)
      .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN);
  };
}
