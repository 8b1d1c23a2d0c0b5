/**
 * Event ids are derived from the appointment's, so that an insert that is repeated after a crash meets its own event
 * (docs/decision-table.md#crash-safe-writes). Google allows the characters 0-9 and a-v, 5 to 1024 of them.
 *
 * A numeric appointment id can be read in the event's id: `700123` becomes `loft700123`. Any other id is written in
 * hex of its UTF-16 code units after `lofth`. Where an id is burnt (deleted in a way that cannot be undone, or taken
 * by somebody's event), the next generation is used: `loft700123g1`.
 */
export function derivedEventId(appointmentId: string, generation = 0): string {
  const suffix = generation === 0 ? '' : `g${generation}`;
  if (/^\d+$/.test(appointmentId)) return `loft${appointmentId}${suffix}`;
  let hex = '';
  for (let index = 0; index < appointmentId.length; index++) {
    hex += appointmentId.charCodeAt(index).toString(16).padStart(4, '0');
  }
  return `lofth${hex}${suffix}`;
}

/** Is it an id that `derivedEventId` makes for this appointment, of any generation? */
export function isDerivedEventId(eventId: string, appointmentId: string): boolean {
  const first = derivedEventId(appointmentId);
  return eventId === first || (eventId.startsWith(`${first}g`) && /^\d+$/.test(eventId.slice(first.length + 1)));
}

/** @returns the generation of an id that `derivedEventId` makes for this appointment; null if it makes no such id */
export function derivedGeneration(eventId: string, appointmentId: string): number | null {
  if (!isDerivedEventId(eventId, appointmentId)) return null;
  const suffix = eventId.slice(derivedEventId(appointmentId).length + 1);
  return suffix === '' ? 0 : Number(suffix);
}

/** The appointment a derived id belongs to; null: it is no derived id, or not of a numeric appointment id. */
export function appointmentOfEventId(eventId: string): string | null {
  return /^loft(\d+)(?:g\d+)?$/.exec(eventId)?.[1] ?? null;
}
