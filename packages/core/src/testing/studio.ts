import { isSameUnit, type UnitId } from '../domain/bay.js';
import type { BookingTerms } from '../domain/booking.js';
import { HOUR, type Instant, MINUTE } from '../domain/instant.js';
import { startOfDay } from '../domain/zoned-time.js';
import type { BookingUser, NewBooking, BookingMove, StudioBooking } from './studio-booking.js';
import { StudioRecords, type StudioSlot } from './studio-records.js';
import { DEFAULT_STUDIO_RULES, type StudioRefusal, type StudioRules } from './studio-rules.js';

/** The requested terms besides the slot. */
export interface OnlineRequest {
  /** Null: the booking has no customer. */
  readonly customerId: string | null;
  readonly notes: string;
  readonly terms?: BookingTerms;
}

/** The customer, and the booked terms. */
type StudioVisit = Pick<StudioBooking, 'customerId' | 'customerName' | 'notes' | 'terms'>;

const FIRST_ID = 700_001;
const FIRST_CUSTOMER_ID = 90_001;

/** Is the studio's answer a refusal instead of an id? */
export function isRefusal(answer: string | StudioRefusal): answer is StudioRefusal {
  return typeof answer !== 'string';
}

/**
 * The state of every simulated booking system. A unit has one booking at a time, records are never removed, and a checkout
 * holds its slot for a limited time (docs/uschedule.md#lesson-1, docs/uschedule.md#lesson-3, docs/uschedule.md#lesson-4).
 *
 * The methods ending in `Online` are those of an API: they return an id, or why not. Those of `BookingUser` are acts of
 * users.
 */
export class Studio implements BookingUser {
  rules: StudioRules;
  readonly #now: () => Instant;
  readonly #records: StudioRecords;
  readonly #customers = new Map<string, string>();
  #nextId = FIRST_ID;

  constructor(now: () => Instant, rules: Partial<StudioRules> = {}) {
    this.#now = now;
    this.#records = new StudioRecords(now);
    this.rules = { ...DEFAULT_STUDIO_RULES, ...rules };
  }

  // -- acts of users -------------------------------------------------------------------------------------------
  book(request: NewBooking): string {
    return done(this.#make(this.#slotOf(request), this.#about(request), 'live'));
  }

  /** A new booking gets the id of one that is not live any more. */
  reuseId(id: string, request: NewBooking): void {
    const slot = this.#slotOf(request);
    const refusal = this.#refusalOf(slot, null);
    if (refusal) done(refusal);
    const old = this.booking(id);
    if (!old || old.state === 'live' || old.state === 'checkout') throw new Error(`booking ${id} holds its id`);
    const { customerId, customerName } = this.#about(request);
    const { terms: _old, ...record } = { ...old, ...slot, customerId, customerName, notes: '' };
    this.#records.save({ ...record, state: 'live', createdAt: this.#now() });
  }

  beginCheckout(request: NewBooking): string {
    return done(this.#make(this.#slotOf(request), this.#about(request), 'checkout'));
  }

  finishCheckout(id: string): void {
    this.#change(this.#inState(id, 'checkout'), { state: 'live' });
  }

  abandonCheckout(id: string): void {
    this.#change(this.#inState(id, 'checkout'), { state: 'abandoned' });
  }

  move(id: string, to: BookingMove): string {
    const { unit, start, end } = this.#inState(id, 'live');
    const from = to.start ?? start;
    const slot = {
      unit: to.unit ?? unit,
      start: from,
      end: from + (to.minutes === undefined ? end - start : to.minutes * MINUTE),
    };
    return done(this.#move(id, slot));
  }

  setNotes(id: string, notes: string): void {
    this.#change(this.#inState(id, 'live'), { notes });
  }

  cancel(id: string): void {
    this.#change(this.#inState(id, 'live'), { state: 'canceled' });
  }

  booking(id: string): StudioBooking | null {
    return this.#records.get(id);
  }

  bookings(): readonly StudioBooking[] {
    return this.#records.all();
  }

  liveBookings(): readonly StudioBooking[] {
    return this.bookings().filter(({ state }) => state === 'live');
  }

  // -- what an API offers ---------------------------------------------------------------------------------------
  /** Books a slot. Returns the id, or why not. */
  bookOnline(slot: StudioSlot, { customerId, notes, terms }: OnlineRequest): string | StudioRefusal {
    const serviceId = terms?.serviceId;
    if (serviceId !== undefined && !this.offers(slot.unit, serviceId)) {
      return { refused: 'unknown-service', reason: 'This resource does not offer that service.' };
    }
    const match = [...this.#customers].find(([, id]) => id === customerId);
    const customerName = match?.[0] ?? '';
    const customer = { customerId: customerId ?? this.#customerId(''), customerName };
    return this.#make(slot, { ...customer, notes, ...(terms ? { terms } : {}) }, 'live');
  }

  /** Can this service be booked on this unit? */
  offers(unit: UnitId, serviceId: number): boolean {
    return this.rules.services === null || (this.rules.services.get(unit)?.includes(serviceId) ?? false);
  }

  /** Cancels a booking, unless it is too late. Returns the id, or why not. */
  cancelOnline(id: string): string | StudioRefusal {
    const booking = this.#live(id);
    if ('refused' in booking) return booking;
    const { cancellationHours } = this.rules;
    if (cancellationHours !== null && booking.start - this.#now() < cancellationHours * HOUR) {
      const reason = `Appointments cannot be cancelled within ${cancellationHours} hours of their start.`;
      return { refused: 'too-late', reason };
    }
    this.#change(booking, { state: 'canceled' });
    return id;
  }

  /** Moves a booking to a slot. Returns its id after the move, which may be a new one, or why not. */
  rescheduleOnline(id: string, slot: StudioSlot): string | StudioRefusal {
    if (this.rules.reschedule === 'off') return { refused: 'unsupported', reason: 'Rescheduling is not offered.' };
    return this.#move(id, slot);
  }

  /** Returns the starts of the free slots of that local day. */
  freeSlots(unit: UnitId, day: Instant, minutes: number): readonly Instant[] {
    return this.allSlots(day).filter((start) => this.isFree({ unit, start, end: start + minutes * MINUTE }));
  }

  /** Returns the same as if there were no bookings: the answer of an unreliable availability. */
  allSlots(day: Instant): readonly Instant[] {
    const { timeZone, timeZones, slotMinutes, leadMinutes } = this.rules;
    const until = startOfDay(day, timeZone, timeZones, 1);
    const earliest = this.#now() + leadMinutes * MINUTE;
    const starts: Instant[] = [];
    for (let start = startOfDay(day, timeZone, timeZones); start < until; start += slotMinutes * MINUTE) {
      if (start >= earliest) starts.push(start);
    }
    return starts;
  }

  /** Is the slot free of other bookings? */
  isFree(slot: StudioSlot, except: string | null = null): boolean {
    return this.#records.isFree(slot, except);
  }

  // -- inside ---------------------------------------------------------------------------------------------------
  #make(slot: StudioSlot, about: StudioVisit, state: 'live' | 'checkout'): string | StudioRefusal {
    const refusal = this.#refusalOf(slot, null);
    if (refusal) return refusal;
    const id = String(this.#nextId++);
    const createdAt = this.#now();
    const holdUntil = createdAt + this.rules.holdMinutes * MINUTE;
    const { customerId, customerName, terms } = about;
    const notes = about.notes.slice(0, this.rules.notesLimit ?? undefined);
    const record = { ...slot, id, customerId, customerName, notes, state, createdAt, holdUntil };
    this.#records.save(terms ? { ...record, terms } : record);
    return id;
  }

  #move(id: string, slot: StudioSlot): string | StudioRefusal {
    const booking = this.#live(id);
    if ('refused' in booking) return booking;
    const refusal = this.#refusalOf(slot, id);
    if (refusal) return refusal;
    if (this.rules.reschedule !== 'new-id') {
      this.#change(booking, slot);
      return id;
    }
    this.#change(booking, { state: 'rescheduled' });
    return this.#make(slot, booking, 'live');
  }

  #refusalOf(slot: StudioSlot, except: string | null): StudioRefusal | null {
    if (!this.rules.units.some((unit) => isSameUnit(unit, slot.unit)))
      return { refused: 'unknown-unit', reason: 'There is no such resource.' };
    if (this.isFree(slot, except)) return null;
    return { refused: 'slot-taken', reason: 'That time is no longer available.' };
  }

  #live(id: string): StudioBooking | StudioRefusal {
    const booking = this.booking(id);
    if (!booking) return { refused: 'unknown-appointment', reason: 'There is no such appointment.' };
    if (booking.state === 'live') return booking;
    const word = booking.state === 'rescheduled' ? 'rescheduled' : 'canceled';
    return { refused: 'not-live', reason: `The appointment has already been ${word}.` };
  }

  #inState(id: string, state: 'live' | 'checkout'): StudioBooking {
    const booking = this.booking(id);
    if (booking?.state === state) return booking;
    throw new Error(`booking ${id} is not ${state} but ${booking?.state ?? 'unknown'}`);
  }

  #change(booking: StudioBooking, change: Partial<StudioBooking>): void {
    this.#records.save({ ...booking, ...change });
  }

  #slotOf(request: NewBooking): StudioSlot {
    const { unit, start, minutes = this.rules.serviceLengthMinutes } = request;
    return { unit, start, end: start + minutes * MINUTE };
  }

  #about(request: NewBooking): StudioVisit {
    const { customerName = 'Walk-in', notes = '', terms } = request;
    return { customerId: this.#customerId(customerName), customerName, notes, ...(terms ? { terms } : {}) };
  }

  #customerId(name: string): string {
    const id = this.#customers.get(name) ?? String(FIRST_CUSTOMER_ID + this.#customers.size);
    this.#customers.set(name, id);
    return id;
  }
}

function done(answer: string | StudioRefusal): string {
  if (isRefusal(answer)) throw new Error(`the studio will not: ${answer.reason}`);
  return answer;
}
