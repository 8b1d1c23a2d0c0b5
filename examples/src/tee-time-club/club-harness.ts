import { Studio, VirtualClock, type BookingSystemFactory } from '@loft/sync-core/testing';
import { ImaginaryClub } from './club-api.js';
import { ClubBookingSystem } from './club-booking-system.js';

const TIME_ZONE = 'America/Phoenix';

/**
 * What the contract suite needs of an adapter: what it says of itself, and a fresh club without reservations for every
 * test, with the people who use it.
 */
export const clubFactory: BookingSystemFactory = {
  traits: { status: 'trusted', reschedule: 'same-id', cancellationHours: 24 },
  create: async () => {
    const clock = new VirtualClock();
    const studio = new Studio(() => clock.now(), {
      timeZone: TIME_ZONE,
      units: ['north', 'south'],
      cancellationHours: 24,
    });
    return {
      bookings: new ClubBookingSystem(new ImaginaryClub(studio), TIME_ZONE),
      user: studio,
      timeZone: TIME_ZONE,
      units: ['north', 'south'],
      serviceLengthMinutes: studio.rules.serviceLengthMinutes,
      holdMinutes: studio.rules.holdMinutes,
      now: () => clock.now(),
      elapse: (milliseconds) => clock.advance(milliseconds),
      close: async () => {},
    };
  },
};
