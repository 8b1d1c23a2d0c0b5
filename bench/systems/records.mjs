const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Creation time of the generated records. */
export const NOW = Date.UTC(2026, 0, 15, 18);

/**
 * The stored map of a booking.
 *
 * @param {number} index @param {{ bay?: number, start?: number }} [where]
 * @returns {import('@loft/sync-core').BookingEventMap}
 */
export function mapRecord(index, { bay = 1, start = NOW + DAY } = {}) {
  const id = String(700_000 + index);
  return {
    uscheduleAppointmentId: id,
    googleCalendarId: `bay-${bay}@group.calendar.google.com`,
    googleEventId: `loft${id}`,
    lastSyncedAt: NOW - HOUR,
    lastSource: 'USCHEDULE',
    etag: '"3526171200000000"',
    version: 0,
    status: 'ACTIVE',
    base: { start, end: start + HOUR, bay: String(bay), title: 'Ana R.', description: 'Two players' },
    fence: 0,
    bookingWrittenAt: null,
    eventUpdatedAt: NOW - HOUR,
    intent: null,
    supersededBy: null,
  };
}

/** @param {number} index @param {number} [dueAt] @returns {import('@loft/sync-core/store').NewTask} */
export function newTask(index, dueAt = NOW) {
  return { appointmentId: String(700_000 + index), dueAt, trigger: 'hint', event: null };
}
