/** The addresses of our own account: as configured, and as our own inserts come back with it. */
export class OurAccounts {
  readonly #addresses = new Set<string>();

  /** @param address as configured; null: not known */
  constructor(address: string | null) {
    this.learn(address);
  }

  learn(address: string | null): void {
    if (address !== null && address !== '') this.#addresses.add(address);
  }

  list(): readonly string[] {
    return [...this.#addresses];
  }
}
