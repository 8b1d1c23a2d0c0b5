/** The addresses of our own account: the configured one, and the creator of our own inserts. */
export class OurAccounts {
  addresses: readonly string[] = [];

  /** @param address the configured address; null if unknown */
  constructor(address: string | null) {
    this.learn(address);
  }

  learn(address: string | null): void {
    if (address !== null && address !== '') this.addresses = [...new Set([...this.addresses, address])];
  }
}
