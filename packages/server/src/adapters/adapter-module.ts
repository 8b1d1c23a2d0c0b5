import type { Bay, BookingSystem, CalendarSystem, Instant, TimeZones } from '@loft/sync-core';

/** What the service hands to the factory of an adapter that the settings file names. */
export interface AdapterContext {
  /** `adapters.bookings.settings` of the file, as the module's `settingsSchema` made them; without a schema as written. */
  readonly settings: unknown;
  /** The studio's IANA zone. */
  readonly timeZone: string;
  readonly timeZones: TimeZones;
  readonly bays: readonly Bay[];
  /** Longest time that one call may take, in milliseconds. */
  readonly callTimeoutMs: number;
  /** The service's clock. */
  readonly now: () => Instant;
  /** The variables whose name begins with `ADAPTER_`: the place for secrets. Their values never appear in logs or errors. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A schema of zod, or anything that checks as one does. */
export interface AdapterSettingsSchema {
  /** Checks the adapter's settings and answers them, or each fault with its path. */
  safeParse(value: unknown):
    | { readonly success: true; readonly data: unknown }
    | {
        readonly success: false;
        readonly error: {
          readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[];
        };
      };
}

/** What a module exports that brings another booking system. */
export interface BookingAdapterModule {
  /** Makes the booking system, once, when the service starts. A thrown error stops the start. */
  createBookingSystem(context: AdapterContext): BookingSystem | Promise<BookingSystem>;
  readonly settingsSchema?: AdapterSettingsSchema;
}

/** What a module exports that brings other calendars. */
export interface CalendarAdapterModule {
  /** Makes the calendars, once, when the service starts. A thrown error stops the start. */
  createCalendarSystem(context: AdapterContext): CalendarSystem | Promise<CalendarSystem>;
  readonly settingsSchema?: AdapterSettingsSchema;
}

/** An adapter that the settings name, loaded: its factory is ready to be called. */
export interface ChosenAdapter<Port> {
  /** The package or path, as it stands in the file. */
  readonly name: string;
  readonly settings: unknown;
  /** The module's factory. */
  readonly create: (context: AdapterContext) => Port | Promise<Port>;
}

/** null: the service's own adapter. */
export interface ChosenAdapters {
  readonly bookings: ChosenAdapter<BookingSystem> | null;
  readonly calendars: ChosenAdapter<CalendarSystem> | null;
}

export const OWN_ADAPTERS: ChosenAdapters = { bookings: null, calendars: null };
