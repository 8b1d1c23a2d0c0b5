import { Studio, VirtualClock, type BookingSystemFactory } from '@loft/sync-core/testing';
import { ImaginaryClub } from './club-api.js';
import { ClubBookingSystem } from './club-booking-system.js';

const TIME_ZONE = 'America/Phoenix';

/**
 * The contract suite's harness for this adapter: its traits, and for every test a new club without reservations, with
 * its users.
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
