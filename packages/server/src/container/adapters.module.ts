import type { BookingSystem, CalendarSystem } from '@loft/sync-core';
import { ContainerModule } from 'inversify';
import { makeBookings, makeCalendars } from '../adapters/make-adapters.js';
import { TOKENS } from './tokens.js';

/** Ports of the host in place of those of the settings. */
export interface OwnPorts {
  readonly bookings?: BookingSystem;
  readonly calendars?: CalendarSystem;
}

/** Binds the two systems: the host's ports, or the adapters of the settings. */
export function adaptersModule({ bookings, calendars }: OwnPorts): ContainerModule {
  return new ContainerModule(({ bind }) => {
    const needs = [TOKENS.settings, TOKENS.clock, TOKENS.http] as const;
    bind(TOKENS.bookings)
      .toResolvedValue(async (...parts) => bookings ?? makeBookings(...parts), [...needs])
      .inSingletonScope();
    bind(TOKENS.calendars)
      .toResolvedValue(async (...parts) => calendars ?? makeCalendars(...parts), [...needs])
      .inSingletonScope();
  });
}
