/** An address of the console itself; `/` in place of any other. */
export function pageAddress(address: string): string {
  return /^\/(?:\?[\w=&%.~-]*)?$/.test(address) ? address : '/';
}
