const HIDDEN = '[redacted]';

/** Names under which the two systems and our own settings carry secrets. */
const SECRET_NAME = /authorization|password|secret|private.?key|app(lication)?.?key|auth.?key|token$|assertion|cookie/i;

/** Shorter values would blot out ordinary words, and are no secrets worth the name. */
const SHORTEST_SECRET = 6;

/** A copy of a value in which everything that stands under a secret's name is hidden, at any depth. */
export function hideSecretFields(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 8) return '[cut]';
  if (Array.isArray(value)) return value.map((entry) => hideSecretFields(entry, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [
      name,
      SECRET_NAME.test(name) && entry !== null ? HIDDEN : hideSecretFields(entry, depth + 1),
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
