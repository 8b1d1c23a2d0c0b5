import {
  type BookingSystemFactory,
  type BookingSystemTraits,
  MemoryBookings,
  type MemoryBookingsOptions,
  VirtualClock,
} from '#src/testing/index.js';

/** A factory of harnesses around `MemoryBookings`, or around what `make` makes of its options. */
export function memoryBookingsFactory(
  traits: BookingSystemTraits,
  make: (options: MemoryBookingsOptions) => MemoryBookings = (options) => new MemoryBookings(options),
): BookingSystemFactory {
  return {
    traits,
    create: async () => {
      const clock = new VirtualClock();
      const bookings = make({ clock, ...traits });
      const { timeZone, units, serviceLengthMinutes, holdMinutes } = bookings.user.rules;
      const [first = 0, second = 0] = units;
      return {
        bookings,
        user: bookings.user,
        timeZone,
        units: [first, second],
        serviceLengthMinutes,
        holdMinutes,
        now: () => clock.now(),
        elapse: (milliseconds) => clock.advance(milliseconds),
        close: async () => {},
      };
    },
  };
}

export const TRUSTED: BookingSystemTraits = { status: 'trusted', reschedule: 'same-id', cancellationHours: null };
