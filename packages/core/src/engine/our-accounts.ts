/** The addresses of our own account: as configured, and as our own inserts come back with it. */
export class OurAccounts {
  #addresses: readonly string[] = [];

  /** @param address as configured; null: not known */
  constructor(address: string | null) {
    this.learn(address);
  }

  get addresses(): readonly string[] {
    return this.#addresses;
  }

  learn(address: string | null): void {
    if (address !== null && address !== '') this.#addresses = [...new Set([...this.#addresses, address])];
  }
}
