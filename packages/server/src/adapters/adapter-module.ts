import type { Bay, BookingSystem, CalendarSystem, Instant, TimeZones } from '@loft/sync-core';

/** The arguments of the factory of an adapter that the settings file names. */
export interface AdapterContext {
  /** `adapters.bookings.settings` of the file after `settingsSchema`; as written if the module has no schema. */
  readonly settings: unknown;
  /** The studio's IANA zone. */
  readonly timeZone: string;
  readonly timeZones: TimeZones;
  readonly bays: readonly Bay[];
  /** Maximum duration of one call, in milliseconds. */
  readonly callTimeoutMs: number;
  /** The service's clock. */
  readonly now: () => Instant;
  /** The variables whose name begins with `ADAPTER_`, for secrets. Their values never appear in logs or errors. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A zod schema, or any object with the same `safeParse`. */
export interface AdapterSettingsSchema {
  /** Validates the adapter's settings. Returns the settings, or each fault with its path. */
  safeParse(value: unknown):
    | { readonly success: true; readonly data: unknown }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

/** The exports of a module with another booking system. */
export interface BookingAdapterModule {
  /** Creates the booking system once, when the service starts. A thrown error stops the start. */
  createBookingSystem(context: AdapterContext): BookingSystem | Promise<BookingSystem>;
  readonly settingsSchema?: AdapterSettingsSchema;
}

/** The exports of a module with other calendars. */
export interface CalendarAdapterModule {
  /** Creates the calendars once, when the service starts. A thrown error stops the start. */
  createCalendarSystem(context: AdapterContext): CalendarSystem | Promise<CalendarSystem>;
  readonly settingsSchema?: AdapterSettingsSchema;
}

/** A loaded adapter of the settings file. */
export interface ChosenAdapter<Port> {
  /** The package or path as written in the file. */
  readonly name: string;
  readonly settings: unknown;
  /** The factory of the module. */
  readonly create: (context: AdapterContext) => Port | Promise<Port>;
}

/** null: the service's own adapter. */
export interface ChosenAdapters {
  readonly bookings: ChosenAdapter<BookingSystem> | null;
  readonly calendars: ChosenAdapter<CalendarSystem> | null;
}

export const OWN_ADAPTERS: ChosenAdapters = { bookings: null, calendars: null };
