/** What a booking system can do beside listing, reading, booking and cancelling. */
export interface BookingCapabilities {
  /** `rescheduleBooking`. Without it `reschedule: "method"` counts as `"off"`: a moved event is put back. */
  readonly reschedule: boolean;
  /** A record may be a checkout that is not finished yet. Without, no new record is held back in blind mode. */
  readonly checkouts: boolean;
}

/** What a calendar system can do beside listing, reading and writing events. */
export interface CalendarCapabilities {
  /** `watch` and `stopChannel`. Without them sweeps alone find what people do. */
  readonly watch: boolean;
  /** `moveEvent`. Without it an event that goes to another calendar is made there anew, and then deleted here. */
  readonly move: boolean;
  /** `listEvents` takes a sync token. Without it full lists are compared with the one before. */
  readonly syncToken: boolean;
  /**
   * A deleted event keeps its id: it can be read as `gone` and brought back, and the id cannot be used again. Without it
   * a deleted event is `not-found`.
   */
  readonly tombstones: boolean;
}

/** What a store can do beside keeping the state of the engine. */
export interface StoreCapabilities {
  /** `addJournal`, `listJournal`, `listActivity` and `forgetJournal`. The engine itself needs no journal. */
  readonly journal: boolean;
  /** Several processes may have the store open. Without it leases of feeds are not needed. */
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

/** Does a port claim a capability? What it says nothing about, it claims. */
export function claims<C extends object>(port: { readonly supports?: Partial<C> }, capability: keyof C): boolean {
  return port.supports?.[capability] !== false;
}

/** The three ports that have capabilities. */
export type PortKind = keyof typeof METHODS_OF;

/** Methods that a port need not have, since it does not claim what they are for. */
export function unclaimedMethods(kind: PortKind, port: object): readonly string[] {
  const claimed: unknown = Reflect.get(port, 'supports');
  const supports = typeof claimed === 'object' && claimed !== null ? claimed : {};
  return Object.entries<readonly string[]>(METHODS_OF[kind])
    .filter(([capability]) => Reflect.get(supports, capability) === false)
    .flatMap(([, methods]) => methods);
}

/** Does an event keep its id when it goes to another calendar? */
export function canMoveEvents(calendars: { readonly supports?: Partial<CalendarCapabilities> }): boolean {
  return claims<CalendarCapabilities>(calendars, 'move');
}
