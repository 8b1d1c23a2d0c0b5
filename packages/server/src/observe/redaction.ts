const HIDDEN = '[redacted]';

/** Field names of secrets in the answers of both systems and in our settings. */
const SECRET_NAME = /authorization|password|secret|private.?key|app(lication)?.?key|auth.?key|token$|assertion|cookie/i;

/** Field names of customers' data, which must not be logged. */
const PERSONAL = String.raw`first_?name|last_?name|full_?name|customer_?name|client_?name|display_?name|e_?mail\w*|phone\w*|mobile\w*|summary|description|notes?|comments?|address\w*|street|birth\w*`;
const PERSONAL_NAME = new RegExp(`^(?:${PERSONAL})$`, 'i');
/** The same names in JSON text, complete or cut; the quotes may be escaped. */
const PERSONAL_IN_TEXT = new RegExp(String.raw`(\\*"(?:${PERSONAL})\\*"\s*:\s*)(\\*")(?:\\.|(?!\2).)*?(?:\2|$)`, 'gis');

/** Shorter values are not redacted: they would also match ordinary words. */
const SHORTEST_SECRET = 6;

function isPrivate(name: string, value: unknown): boolean {
  if (value === null) return false;
  return SECRET_NAME.test(name) || (typeof value === 'string' && PERSONAL_NAME.test(name));
}

/** Redacts the values of personal fields in a text that is JSON or the beginning of JSON. */
export function hidePersonalText(text: string): string {
  return text.replace(PERSONAL_IN_TEXT, `$1$2${HIDDEN}$2`);
}

/** Copies a value, and redacts the values of secret and personal fields at any depth. */
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
 * Creates a function that redacts secrets in a finished line of text: the given ones, and any text with the form of a
 * bearer token or a signed assertion. It is the last defence: adapters put no secret into an error in the first place.
 */
export function secretBlotter(secrets: readonly string[]): (line: string) => string {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]);
  // The longest first, so that a secret which contains another one is redacted as a whole.
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return (line) => {
    let clean = line;
    for (const secret of longestFirst) clean = clean.replaceAll(secret, HIDDEN);
    return clean
      .replace(/\bBearer\s+[\w.~+/-]+=*/gi, `Bearer ${HIDDEN}`)
      .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, HIDDEN);
  };
}
