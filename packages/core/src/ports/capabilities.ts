/** Optional capabilities of a booking system, besides listing, reading, booking and cancelling. */
export interface BookingCapabilities {
  /** `rescheduleBooking`. Without it `reschedule: "method"` counts as `"off"`: a moved event is reverted. */
  readonly reschedule: boolean;
  /** A record may be an unfinished checkout. Without this capability blind mode delays no new record. */
  readonly checkouts: boolean;
}

/** Optional capabilities of a calendar system, besides listing, reading and writing events. */
export interface CalendarCapabilities {
  /** `watch` and `stopChannel`. Without them only incremental syncs find edits. */
  readonly watch: boolean;
  /** `moveEvent`. Without it an event is created in the target calendar and then deleted in the old one. */
  readonly move: boolean;
  /** `listEvents` takes a sync token. Without it the engine compares each full list with the previous one. */
  readonly syncToken: boolean;
  /**
   * A deleted event keeps its id: it can be read as `gone` and restored, and the id cannot be used again. Without this
   * capability a deleted event is `not-found`.
   */
  readonly tombstones: boolean;
}

/** Optional capabilities of a store, besides the state of the engine. */
export interface StoreCapabilities {
  /** `addJournal`, `listJournal`, `listActivity` and `forgetJournal`. The engine works without a journal. */
  readonly journal: boolean;
  /** Several processes may open the store. Without this capability feeds need no leases. */
  readonly sharing: boolean;
}

/** The methods of each capability, by port. */
const METHODS_OF: {
  readonly bookings: Readonly<Record<keyof BookingCapabilities, readonly string[]>>;
  readonly calendars: Readonly<Record<keyof CalendarCapabilities, readonly string[]>>;
  readonly store: Readonly<Record<keyof StoreCapabilities, readonly string[]>>;
} = {
  bookings: { reschedule: ['rescheduleBooking'], checkouts: [] },
  calendars: { watch: ['watch', 'stopChannel'], move: ['moveEvent'], syncToken: [], tombstones: [] },
  store: { journal: ['addJournal', 'listJournal', 'listActivity', 'forgetJournal'], sharing: [] },
};

/** Does a port claim a capability? An absent entry counts as claimed. */
export function claims<C extends object>(port: { readonly supports?: Partial<C> }, capability: keyof C): boolean {
  return port.supports?.[capability] !== false;
}

/** The three ports that have capabilities. */
export type PortKind = keyof typeof METHODS_OF;

/** Methods that a port may leave out, because it does not claim their capability. */
export function unclaimedMethods(kind: PortKind, port: object): readonly string[] {
  const claimed: unknown = Reflect.get(port, 'supports');
  const supports = typeof claimed === 'object' && claimed !== null ? claimed : {};
  return Object.entries<readonly string[]>(METHODS_OF[kind])
    .filter(([capability]) => Reflect.get(supports, capability) === false)
    .flatMap(([, methods]) => methods);
}

/** Does an event keep its id when it is moved to another calendar? */
export function canMoveEvents(calendars: { readonly supports?: Partial<CalendarCapabilities> }): boolean {
  return claims<CalendarCapabilities>(calendars, 'move');
}
