import { expect } from 'chai';
import { Err, HOUR, MINUTE, Ok, type Instant } from '@loft/sync-core';
import { SeededRandom } from '#src/testing/simulation/seeded-random.js';
import { BAYS, World } from './world.js';

const POLL_SECONDS = 600;
const POLL: number = POLL_SECONDS * 1000;
const CONFIRMATIONS = 2;
const URGENT: number = 60 * MINUTE;
/** Availability gives no evidence for times within this lead. */
const LEAD: number = 60 * MINUTE;

type Trouble = 'none' | 'empty-list' | 'half-list' | 'no-availability' | 'nothing-answers';

/** Simulates weeks of a studio whose booking system hides its status, with users and the service. */
class BlindStudio {
  readonly world: World;
  readonly #random: SeededRandom;
  #trouble: Trouble = 'none';
  #troubleUntil: Instant = 0;
  /** When each booking was cancelled, or its checkout abandoned. */
  readonly #diedAt = new Map<string, Instant>();
  /** Bookings whose event has been seen. */
  readonly #mirrored = new Set<string>();
  #found = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed, 7);
    this.world = new World({
      settings: {
        uschedule: { status: 'blind', pollSeconds: POLL_SECONDS, cancelConfirmations: CONFIRMATIONS },
        google: { sweepSeconds: 3600 },
        retry: { baseMs: 1000 },
      },
      studio: { status: 'blind' },
    });
    const { bookings } = this.world;
    const list = bookings.listBookings.bind(bookings);
    const slots = bookings.listFreeSlots.bind(bookings);
    const down = Err({ kind: 'transient', system: 'uschedule', method: 'any', message: '502' } as const);
    bookings.listBookings = async (period) => {
      const answer = await list(period);
      if (this.#trouble === 'nothing-answers') return down;
      if (answer.err || this.#trouble === 'none' || this.#trouble === 'no-availability') return answer;
      const kept = answer.val.bookings.filter((_, index) => this.#trouble === 'half-list' && index % 2 === 0);
      return Ok({ ...answer.val, bookings: kept });
    };
    bookings.listFreeSlots = async (unit, day) => {
      return this.#trouble === 'no-availability' || this.#trouble === 'nothing-answers' ? down : slots(unit, day);
    };
  }

  get found(): number {
    return this.#found;
  }

  async run(days: number): Promise<void> {
    await this.world.start();
    const until = this.world.clock.now() + days * 24 * HOUR;
    while (this.world.clock.now() < until) {
      this.#act();
      if (this.#random.chance(0.05)) this.#beginTrouble();
      for (let polls = this.#random.int(1, 20); polls > 0; polls--) {
        if (this.world.clock.now() >= this.#troubleUntil) this.#trouble = 'none';
        await this.world.clock.advance(POLL);
        this.#check();
      }
    }
    await this.world.engine.stop();
  }

  #beginTrouble(): void {
    this.#trouble = this.#random.weighted({
      none: 0,
      'empty-list': 1,
      'half-list': 1,
      'no-availability': 1,
      'nothing-answers': 1,
    });
    this.#troubleUntil = this.world.clock.now() + this.#random.int(1, 12) * POLL;
  }

  #act(): void {
    const { user } = this.world.bookings;
    const random = this.#random;
    const now = this.world.clock.now();
    const slot = { unit: random.pick(BAYS)!.resourceUnitId, start: this.world.hour(random.int(1, 72)) };
    const free = user.isFree({ ...slot, end: slot.start + HOUR });
    const victim = random.pick(user.liveBookings().filter(({ start }) => start > now + LEAD));
    switch (random.weighted({ book: 6, checkout: 3, cancel: 3, rebook: 2, move: 2, notes: 1, flicker: 2 })) {
      case 'book':
        if (free) user.book({ ...slot, customerName: `Customer ${random.int(1, 30)}` });
        return;
      case 'checkout': {
        if (!free) return;
        const id = user.beginCheckout({ ...slot, customerName: `Customer ${random.int(1, 30)}` });
        if (random.chance(0.5)) user.finishCheckout(id);
        else this.#diedAt.set(id, now);
        return;
      }
      case 'cancel':
      case 'rebook': {
        if (!victim) return;
        user.cancel(victim.id);
        this.#diedAt.set(victim.id, now);
        if (random.chance(0.5)) user.book({ unit: victim.unit, start: victim.start, customerName: 'Another customer' });
        return;
      }
      case 'move':
        if (victim && free) user.move(victim.id, { unit: slot.unit, start: slot.start });
        return;
      case 'notes':
        if (victim) user.setNotes(victim.id, `note ${random.int(1, 99)}`);
        return;
      case 'flicker':
        // One wrong answer; never enough in a row to prove a cancellation.
        this.world.bookings.flickerAvailability(1);
    }
  }

  #check(): void {
    const { user, writeCount } = this.world.bookings;
    const now = this.world.clock.now();
    expect(writeCount, 'writes to the booking system').to.equal(0);
    const shown = new Set(BAYS.flatMap((bay) => this.world.on(bay).map(({ marks }) => marks.appointmentId)));
    for (const { id, state, start, end, createdAt } of user.bookings()) {
      if (shown.has(id)) {
        this.#mirrored.add(id);
        const phantom = state === 'checkout' || (state === 'abandoned' && !this.#wasUrgent(start, createdAt));
        if (phantom && start > now + URGENT) expect.fail(`checkout ${id} was mirrored`);
        this.#checkFound(id, start, now);
      } else if (this.#mirrored.has(id) && state === 'live' && end > now) {
        expect.fail(`the event of live booking ${id} was removed`);
      }
    }
  }

  #wasUrgent(start: Instant, createdAt: Instant): boolean {
    return start - createdAt <= URGENT + 15 * MINUTE;
  }

  /** A cancellation is found within the number of confirmations, counted from the time at which all can be read. */
  #checkFound(id: string, start: Instant, now: Instant): void {
    const diedAt = this.#diedAt.get(id);
    if (diedAt === undefined || start < now + LEAD) return;
    const since = Math.max(diedAt, this.#troubleUntil);
    // An earlier flickering reading may have reset the count, and the circuit may need some time to close.
    const allowed = (CONFIRMATIONS + 2) * POLL;
    if (now - since > allowed)
      expect.fail(`the cancellation of ${id} was not found in ${(now - since) / MINUTE} minutes`);
    this.#found++;
  }
}

describe('a studio whose booking system hides its status', () => {
  for (const seed of [1, 2]) {
    it(`over two weeks finds every cancellation, loses no live booking and shows no event without a live booking (seed ${seed})`, async () => {
      const studio = new BlindStudio(seed);
      await studio.run(14);
      expect(studio.found).to.be.greaterThan(10);
    }).timeout(300_000);
  }
});
