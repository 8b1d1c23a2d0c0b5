import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const NOW = '2026-11-26T21:02:00.000Z';
const SLOT = { start: NOW, end: NOW, bay: '1' };
/** One item with the fields of all lists. */
const ITEM = {
  id: '700123',
  uscheduleAppointmentId: '700123',
  appointmentId: '700123',
  customerName: 'Ana R.',
  base: { title: 'Ana R.', ...SLOT },
  status: 'ACTIVE',
  ...SLOT,
  at: NOW,
  until: NOW,
  day: 'Thursday',
  time: '14:02',
  kind: 'booked',
  text: 'was booked',
  reason: 'attempts',
  attempts: 6,
  error: { kind: 'transient', message: 'no answer' },
  would: 'cancel',
  to: null,
};
/** One answer for every route of `/admin`. */
const ANSWER = {
  status: 'accepted',
  ready: true,
  reasons: [],
  warnings: [],
  timeZone: 'America/Phoenix',
  now: NOW,
  bays: [],
  feeds: [{ feed: 'bookings', bay: null, lastSuccessAt: NOW, everySeconds: 30, warnings: [], notes: [] }],
  channels: [],
  circuits: [{ key: 'google', error: { kind: 'transient', message: 'no answer' }, probeAt: NOW }],
  tasks: { due: 0, waiting: 0, claimed: 0 },
  deadLetters: 1,
  items: [ITEM],
  checkouts: [ITEM],
  appointmentIds: ['700123'],
  stop: { reason: 'too many changes' },
  version: '1',
  change: { entry: '1', customerName: 'Ana R.', leftAt: SLOT, backTo: SLOT },
  next: null,
  others: [],
  clock: { [NOW]: 'Thu 26 Nov 14:02' },
};

/** Every command that only talks to a service, with arguments that ask no question. */
export const CLIENT_COMMANDS: readonly (readonly string[])[] = [
  ['status'],
  ['sync'],
  ['activity'],
  ['find', 'ana'],
  ['explain', '700123'],
  ['dead-letters'],
  ['replay', '700123'],
  ['held'],
  ['held', 'release', '1', '--yes'],
  ['held', 'revert', '1', '--yes'],
  ['resume', 'bookings', '--yes'],
  ['undo', '700123', '--yes'],
  ['mirror', '700123'],
  ['copies'],
];

/** Starts a server that answers every request of a command line at once. */
export async function answeringService(): Promise<{ readonly url: string; readonly close: () => void }> {
  const service = createServer((_, response) => response.writeHead(200).end(JSON.stringify(ANSWER)));
  await new Promise<void>((resolve) => {
    service.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
    close: () => void service.close(),
  };
}
