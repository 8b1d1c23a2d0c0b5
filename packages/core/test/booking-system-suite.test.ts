import type { UnitId } from '@loft/sync-core/adapters';
import { expect } from 'chai';
import { DAY, Err, Ok, type Period, type Booking } from '#src/index.js';
import type { BookingSlot, BookRequest } from '#src/entries/adapters.js';
import {
  bookingSystemSuite,
  type BookingSystemFactory,
  type BookingSystemTraits,
  MemoryBookings,
  type MemoryBookingsOptions,
} from '#src/testing/index.js';
import { slowly } from './helpers/slowly.js';
import { memoryBookingsFactory, TRUSTED } from './helpers/memory-bookings-harness.js';

type Make = (options: MemoryBookingsOptions) => MemoryBookings;

/** Runs the suite separately. @returns the titles of the failed tests */
function failures(traits: BookingSystemTraits, make: Make): Promise<string[]> {
  return failuresOf(memoryBookingsFactory(traits, make));
}

async function failuresOf(factory: BookingSystemFactory): Promise<string[]> {
  const tests: { title: string; body: () => Promise<void> }[] = [];
  const runner = {
    describe: (_title: string, body: () => void) => body(),
    it: (title: string, body: () => Promise<void>) => void tests.push({ title, body }),
  };
  bookingSystemSuite(runner, factory);
  const failed: string[] = [];
  for (const { title, body } of tests) {
    await body().catch(() => failed.push(title));
  }
  return failed;
}

/** A fake whose bookings read with some fields changed. */
function misread(change: (booking: Booking) => Partial<Booking>): Make {
  return (options) =>
    new (class extends MemoryBookings {
      override async listBookings(period: Period) {
        const list = await super.listBookings(period);
        if (!list.ok) return list;
        return Ok({ ...list.val, bookings: list.val.bookings.map((it) => ({ ...it, ...change(it) })) });
      }
      override async getBooking(id: string) {
        const booking = await super.getBooking(id);
        return booking.ok ? Ok({ ...booking.val, ...change(booking.val) }) : booking;
      }
    })(options);
}

const broken: Record<string, { traits?: BookingSystemTraits; make: Make }> = {
  'claims a status it cannot know': {
    traits: { ...TRUSTED, status: 'blind' },
    make: (options) => new MemoryBookings({ ...options, status: 'trusted' }),
  },
  'takes everything for live': { make: misread(() => ({ status: 'live' })) },
  'takes everything for unknown': { make: misread(() => ({ status: 'unknown' })) },
  'takes a checkout for dead or live': {
    make: misread(({ status }) => ({ status: status === 'unknown' ? 'live' : status })),
  },
  'loses the notes': { make: misread(() => ({ notes: '' })) },
  'trims the notes to one line': { make: misread(({ notes }) => ({ notes: notes.replaceAll('\n', ' ') })) },
  'loses the customer': { make: misread(() => ({ customerName: '', customerId: null })) },
  'loses the creation time': { make: misread(() => ({ createdAt: null })) },
  'answers with the wrong unit': {
    make: misread(({ resourceUnitId }) => ({ resourceUnitId: Number(resourceUnitId) - 1 })),
  },
  'shows every start one hour late': {
    make: misread(({ start, end }) => ({ start: start + 3_600_000, end: end + 3_600_000 })),
  },
  'shows every booking as one hour long': { make: misread(({ start }) => ({ end: start + 3_600_000 })) },
  'does not list cancelled bookings': {
    make: (options) =>
      new (class extends MemoryBookings {
        override async listBookings(period: Period) {
          const list = (await super.listBookings(period)).unwrap();
          return Ok({ ...list, bookings: list.bookings.filter(({ status }) => status !== 'dead') });
        }
      })(options),
  },
  'does not extend the period to whole days': {
    make: (options) =>
      new (class extends MemoryBookings {
        override async listBookings(period: Period) {
          const list = (await super.listBookings(period)).unwrap();
          const inside = ({ start }: Booking) => start >= period.from && start < period.to;
          return Ok({ ...list, bookings: list.bookings.filter(inside) });
        }
      })(options),
  },
  'lists the day on which the period ends, which is excluded': {
    make: (options) =>
      new (class extends MemoryBookings {
        override listBookings(period: Period) {
          return super.listBookings({ from: period.from, to: period.to + 1 });
        }
      })(options),
  },
  'does not list the last day': {
    make: (options) =>
      new (class extends MemoryBookings {
        override listBookings(period: Period) {
          return super.listBookings({ from: period.from, to: Math.max(period.from, period.to - DAY) });
        }
      })(options),
  },
  'throws for an unknown id': {
    make: (options) =>
      new (class extends MemoryBookings {
        override async getBooking(id: string) {
          const booking = await super.getBooking(id);
          if (!booking.ok) throw new Error('no such booking');
          return booking;
        }
      })(options),
  },
  'answers a transient error for an unknown id': {
    make: (options) =>
      new (class extends MemoryBookings {
        override async getBooking(id: string) {
          const booking = await super.getBooking(id);
          return booking.ok ? booking : Err({ ...booking.val, kind: 'transient' as const });
        }
      })(options),
  },
  'lists taken slots as free': {
    make: (options) =>
      new (class extends MemoryBookings {
        override async listFreeSlots(_unit: UnitId, day: number) {
          return Ok(this.user.allSlots(day));
        }
      })(options),
  },
  'lists the slots of another unit': {
    make: (options) =>
      new (class extends MemoryBookings {
        override listFreeSlots(unit: UnitId, day: number) {
          return super.listFreeSlots(unit === 5523 ? 5524 : 5523, day);
        }
      })(options),
  },
  'lists the slots of the next day too': {
    make: (options) =>
      new (class extends MemoryBookings {
        override async listFreeSlots(unit: UnitId, day: number) {
          const today = (await super.listFreeSlots(unit, day)).unwrap();
          return Ok([...today, ...(await super.listFreeSlots(unit, day + DAY)).unwrap()]);
        }
      })(options),
  },
  'lists no free slot': {
    make: (options) =>
      new (class extends MemoryBookings {
        override async listFreeSlots() {
          return Ok([]);
        }
      })(options),
  },
  'lists slots of the past': { make: (options) => new MemoryBookings({ ...options, leadMinutes: -1000 }) },
  'answers a cancellation with success and does not cancel': {
    make: (options) =>
      new (class extends MemoryBookings {
        override async cancelBooking() {
          return Ok(undefined);
        }
      })(options),
  },
  'cancels all bookings at once': {
    make: (options) =>
      new (class extends MemoryBookings {
        override async cancelBooking(id: string) {
          const done = await super.cancelBooking(id);
          for (const booking of this.user.liveBookings()) this.user.cancel(booking.id);
          return done;
        }
      })(options),
  },
  'accepts the cancellation of a cancelled booking': {
    make: (options) =>
      new (class extends MemoryBookings {
        override async cancelBooking(id: string) {
          await super.cancelBooking(id);
          return Ok(undefined);
        }
      })(options),
  },
  'has no cancellation window': {
    traits: { ...TRUSTED, cancellationHours: 24 },
    make: (options) => new MemoryBookings({ ...options, cancellationHours: null }),
  },
  'refuses without a reason': {
    make: (options) =>
      new (class extends MemoryBookings {
        override async cancelBooking(id: string) {
          const done = await super.cancelBooking(id);
          return done.ok ? done : Err({ kind: done.val.kind, system: 'uschedule' as const, method: '', message: '' });
        }
      })(options),
  },
  'changes only the time in a move to another unit': {
    make: (options) =>
      new (class extends MemoryBookings {
        override rescheduleBooking(id: string, to: BookingSlot) {
          const unit = this.user.booking(id)?.unit ?? 0;
          return super.rescheduleBooking(id, { ...to, resourceUnitId: unit });
        }
      })(options),
  },
  'ignores the new length in a move': {
    make: (options) =>
      new (class extends MemoryBookings {
        override rescheduleBooking(id: string, to: BookingSlot) {
          const { start = 0, end = 0 } = this.user.booking(id) ?? {};
          return super.rescheduleBooking(id, { ...to, end: to.start + end - start });
        }
      })(options),
  },
  'answers the old id after a move that created a new one': {
    traits: { ...TRUSTED, reschedule: 'new-id' },
    make: (options) =>
      new (class extends MemoryBookings {
        override async rescheduleBooking(id: string, to: BookingSlot) {
          const moved = await super.rescheduleBooking(id, to);
          return moved.ok ? Ok(id) : moved;
        }
      })(options),
  },
  'moves a booking although rescheduling is off': {
    traits: { ...TRUSTED, reschedule: 'off' },
    make: (options) => new MemoryBookings({ ...options, reschedule: 'same-id' }),
  },
  'cancels a booking that it cannot move': {
    make: (options) =>
      new (class extends MemoryBookings {
        override async rescheduleBooking(id: string, to: BookingSlot) {
          const moved = await super.rescheduleBooking(id, to);
          if (!moved.ok && this.user.booking(id)?.state === 'live') this.user.cancel(id);
          return moved;
        }
      })(options),
  },
  'throws for an unknown unit': {
    make: (options) =>
      new (class extends MemoryBookings {
        override book(request: BookRequest) {
          if (!this.user.rules.units.includes(request.resourceUnitId)) throw new RangeError('no such unit');
          return super.book(request);
        }
      })(options),
  },
  'rejects for an unknown id': {
    make: (options) =>
      new (class extends MemoryBookings {
        override async getBooking(id: string) {
          if (!this.user.booking(id)) throw new RangeError('no such booking');
          return super.getBooking(id);
        }
      })(options),
  },
  'books without the notes': {
    make: (options) =>
      new (class extends MemoryBookings {
        override book(request: BookRequest) {
          return super.book({ ...request, notes: '' });
        }
      })(options),
  },
  'books without the customer': {
    make: (options) =>
      new (class extends MemoryBookings {
        override book(request: BookRequest) {
          return super.book({ ...request, customerId: null });
        }
      })(options),
  },
  'answers a new booking with the id of another one': {
    make: (options) =>
      new (class extends MemoryBookings {
        override async book(request: BookRequest) {
          const made = await super.book(request);
          return made.ok ? Ok(this.user.bookings()[0]?.id ?? '') : made;
        }
      })(options),
  },
};

describe('bookingSystemSuite', () => {
  it('passes for a fake that fulfils the contract', async () => {
    expect(await failures(TRUSTED, (options) => new MemoryBookings(options))).to.deep.equal([]);
  });

  it('supports a user interface that acts asynchronously over HTTP', async () => {
    const factory = memoryBookingsFactory(TRUSTED);
    const overHttp = {
      ...factory,
      create: async () => {
        const harness = await factory.create();
        return { ...harness, user: slowly(harness.user) };
      },
    };
    expect(await failuresOf(overHttp)).to.deep.equal([]);
  });

  for (const [fault, { traits = TRUSTED, make }] of Object.entries(broken)) {
    it(`fails a booking system that ${fault}`, async () => {
      expect(await failures(traits, make)).not.to.deep.equal([]);
    });
  }
});
