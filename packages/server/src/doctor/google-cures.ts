import type { SyncError } from '@loft/sync-core';

/** The remedy if Google does not answer at all. */
const NETWORK = 'Check that this machine reaches the internet (DNS, firewall, proxy), and try again.';

/** The remedy if no access token can be obtained. */
export function tokenCure(error: SyncError, account: string | null): string {
  const { kind, message, status } = error;
  if (kind === 'transient' && status === undefined) return NETWORK;
  if (kind === 'transient' || kind === 'rate-limited') return 'Google reports an internal error. Try again later.';
  if (account === null) {
    return 'Set GOOGLE_SERVICE_ACCOUNT_JSON to the key of a service account, or run on a platform that provides an identity.';
  }
  if (/timeframe|iat|exp/i.test(message))
    return 'Set the clock of this machine: Google refuses signatures with a wrong time.';
  return (
    `The account ${account} or this key of it is not there any more, or switched off. In the Google Cloud console, under ` +
    'IAM, Service accounts, make a new key and set GOOGLE_SERVICE_ACCOUNT_JSON to it.'
  );
}

/** The remedy if a calendar cannot be read. */
export function calendarCure(error: SyncError, calendarId: string, account: string | null): string {
  const { kind, reason, message, status } = error;
  const who = account ?? 'the service account of this deployment';
  if (reason === 'accessNotConfigured' || /has not been used in project|is disabled/i.test(message)) {
    return 'In the Google Cloud console, under APIs and services, enable the Google Calendar API of the project.';
  }
  if (reason === 'insufficientPermissions') {
    return 'The identity does not have the scope calendar.events. Grant it that scope, or use the key of a service account.';
  }
  if (kind === 'not-found' || kind === 'forbidden') {
    return (
      `In Google Calendar, under the settings of the calendar, share it with ${who} as "Make changes to events". ` +
      `If it is shared, compare its id there with the one in the settings file, ${calendarId}.`
    );
  }
  if (kind === 'rate-limited') return 'The quota is exhausted. Try again in a minute.';
  return kind === 'transient' && status === undefined ? NETWORK : 'Try again later.';
}

/** The remedy if a calendar can be read but not written. */
export function writeCure(account: string | null): string {
  const who = account ?? 'the service account of this deployment';
  return `In Google Calendar, under the settings of the calendar, change the share of ${who} to "Make changes to events".`;
}

/** The remedy if no watch channel can be opened. */
export function watchCure({ kind, reason, status }: SyncError, address: string): string {
  const sweep = 'Until then, edits are found by polls only: later, but completely.';
  if (kind === 'transient' && status === undefined) return NETWORK;
  if (reason === 'push.webhookUrlUnauthorized' || reason === 'webhookUrlNotHttps' || kind === 'invalid') {
    return (
      `Google must be able to reach ${address} by https with a certificate that browsers accept (not self-signed). ` +
      `Correct PUBLIC_URL, or remove it. ${sweep}`
    );
  }
  return `Try again later. ${sweep}`;
}

/** The remedy if Google opens a channel but its messages do not arrive. */
export function deliveryCure(address: string): string {
  return (
    `Google sends notifications to ${address}. Correct PUBLIC_URL, or let the proxy, tunnel or firewall there forward POST ` +
    'requests on to this service. Until then, edits are found by polls only: later, but completely.'
  );
}
