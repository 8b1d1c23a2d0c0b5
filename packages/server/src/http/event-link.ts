import type { BookingEventMap } from '@loft/sync-core';

/** Google Calendar's own pages. */
const GOOGLE = /(?:^|\.)google\.com$/;

/**
 * The address of an event, if it is safe to link to: a web address at Google, or at the configured root of its API.
 *
 * @param apiRootUrl null: Google's own
 */
export function safeEventLink({ eventLink }: BookingEventMap, apiRootUrl: string | null): string | null {
  if (eventLink === undefined || !URL.canParse(eventLink)) return null;
  const { protocol, hostname, host } = new URL(eventLink);
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  const isOwnRoot = apiRootUrl !== null && URL.canParse(apiRootUrl) && host === new URL(apiRootUrl).host;
  return isOwnRoot || GOOGLE.test(hostname) ? eventLink : null;
}
