/**
 * A booking made in place of another one says so in its note, so that a crash between the two calls finds the new
 * booking instead of making a second one (decision table, "Writes that survive a crash", rebook).
 */
const MARKER = /\s*\[loft-sync replaces ([^\]\s]+)\]/g;

export function withMarker(notes: string, replacedId: string): string {
  return `${withoutMarker(notes)} [loft-sync replaces ${replacedId}]`.trim();
}

/** The note as a person wrote it. */
export function withoutMarker(notes: string): string {
  return notes.replace(MARKER, '').trim();
}

/** The appointment this one was made in place of; null: none. */
export function replacedAppointment(notes: string): string | null {
  return [...notes.matchAll(MARKER)].at(-1)?.[1] ?? null;
}
