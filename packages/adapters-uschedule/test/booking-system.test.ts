import { bookingSystemSuite, type BookingSystemTraits } from '@loft/sync-core/testing';
import type { UScheduleOptions } from '@loft/sync-uschedule';
import { PRODUCTION, type SimulatorOptions } from '@loft/sync-uschedule/simulator';
import { openStudio } from './helpers/open-studio.js';

/** The contract suite, over real HTTP. */
function suiteOverTheSimulator(
  traits: BookingSystemTraits,
  deployment: SimulatorOptions = {},
  options: Partial<UScheduleOptions> = {},
): void {
  bookingSystemSuite(
    { describe, it },
    {
      traits,
      create: async () => {
        const { clock, simulator, bookings } = await openStudio(
          { ...traits, ...deployment },
          { status: traits.status, ...options },
        );
        const [first = 0, second = 0] = simulator.units.map(({ id }) => id);
        const { timeZone, serviceLengthMinutes } = simulator.connection;
        return {
          bookings,
          user: simulator,
          timeZone,
          units: [first, second],
          serviceLengthMinutes,
          holdMinutes: 5,
          now: () => clock.now(),
          elapse: (milliseconds) => clock.advance(milliseconds),
          close: () => simulator.close(),
        };
      },
    },
  );
}

describe('UScheduleBookingSystem over the simulator', () => {
  describe('of a plain deployment', () => {
    suiteOverTheSimulator({ status: 'trusted', reschedule: 'same-id', cancellationHours: null });
  });

  describe('of a blind deployment with text answers and another key for cancellations', () => {
    suiteOverTheSimulator(
      { status: 'blind', reschedule: 'off', cancellationHours: 24 },
      { textAnswers: true, cancelKey: 'AppointmentID', unknownAppointment: 'null' },
    );
  });

  describe('of a deployment that creates a new record for a moved booking and writes times with an offset', () => {
    suiteOverTheSimulator(
      { status: 'trusted', reschedule: 'new-id', cancellationHours: 24 },
      { timeStyle: 'offset', cancelKey: 'id' },
    );
  });

  describe('of a deployment like the studio’s', () => {
    suiteOverTheSimulator(
      { status: 'blind', reschedule: 'off', cancellationHours: 24 },
      { ...PRODUCTION, slotMinutes: 15 },
      {
        locationId: 11_274,
        unitServices: new Map([
          ['5523', 35_371],
          ['5524', 42_215],
        ]),
      },
    );
  });

  describe('of a studio with daylight saving that writes fractions of a second', () => {
    suiteOverTheSimulator(
      { status: 'blind', reschedule: 'same-id', cancellationHours: null },
      { timeStyle: 'fractions', timeZone: 'America/New_York' },
    );
  });
});
