/** The id of a bay's section in the page: links to `#bay-2` lead there. */
export function bayAnchor(bay: string): string {
  return `bay-${encodeURIComponent(bay)}`;
}
