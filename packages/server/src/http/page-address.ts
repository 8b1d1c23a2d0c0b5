/** @returns an address of the console unchanged; `/` for any other */
export function pageAddress(address: string): string {
  return /^\/(?:\?[\w=&%.~-]*)?$/.test(address) ? address : '/';
}
