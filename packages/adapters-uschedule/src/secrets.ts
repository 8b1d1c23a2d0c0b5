/** Auth keys remembered for redaction: the one in use, and those a late answer may still quote. */
const REMEMBERED_AUTH_KEYS = 8;

/**
 * Everything that must never show in an error: whatever the other side echoes is passed through `redact` before it
 * is kept.
 */
export class Secrets {
  readonly #fixed: readonly string[];
  #authKeys: readonly string[] = [];

  constructor(fixed: readonly string[]) {
    this.#fixed = fixed;
  }

  addAuthKey(key: string): void {
    this.#authKeys = [...this.#authKeys.filter((known) => known !== key), key].slice(-REMEMBERED_AUTH_KEYS);
  }

  redact(text: string): string {
    let clean = text;
    for (const secret of [...this.#fixed, ...this.#authKeys]) {
      // As it is, and as it stands inside a JSON string or an address.
      for (const form of new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])) {
        if (form !== '') clean = clean.replaceAll(form, '[secret]');
      }
    }
    return clean;
  }
}
