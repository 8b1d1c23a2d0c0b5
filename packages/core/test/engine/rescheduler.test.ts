import { expect } from 'chai';
import {
  DAY,
  Err,
  HOUR,
  MINUTE,
  Ok,
  type Booking,
  type BookingEventMap,
  type BookRequest,
  type SyncError,
  type SyncErrorKind,
  type SyncIntent,
} from '@loft/sync-core';
import { trustStatus, type Judge, type Standing } from '#src/engine/judging/judge.js';
import { findSuccessor, reschedule, resumeReplacing } from '#src/engine/reconcile/rescheduler.js';
import { createRules } from '#src/rules/rules.js';
import { aBooking, aMap, bookingSeen, END, ID, NOW, START } from '../rules/situations.js';
import { BAY1, BAY2, settingsWith, type Overrides } from './world.js';

const NEW_ID = '700999';
const TO = { start: START + 2 * HOUR, end: END + 2 * HOUR, bay: '2', title: 'Ana R.', description: 'Two players' };

function failure(kind: SyncErrorKind, more: Partial<SyncError> = {}): SyncError {
  return { kind, system: 'uschedule', method: 'cancelappointment', message: `${kind} it is`, ...more };
}

const REFUSED = failure('refused');
const TIMEOUT = failure('transient');

/** A booking system that answers as it is told, and notes what it was asked. */
class Script {
  readonly asked: string[] = [];
  readonly requests: BookRequest[] = [];
  cancel: Readonly<Record<string, SyncError>> = {};
  read: Readonly<Record<string, Partial<Booking> | SyncError>> = {};
  booked: SyncError | null = null;
  moved: SyncError | null = null;
  list: readonly Booking[] | SyncError = [];
  readonly clock = { now: () => NOW, setTimer: () => () => {} };
  readonly settings;
  readonly rules;
  readonly judge: Judge;

  constructor(overrides: Overrides['uschedule'] = {}, standing?: Readonly<Record<string, Standing | SyncError>>) {
    this.settings = settingsWith({ uschedule: { reschedule: 'rebook', ...overrides } });
    this.rules = createRules(this.settings);
    this.judge = standing
      ? {
          ...trustStatus,
          stands: async ({ appointmentId }) => {
            const answer = standing[appointmentId] ?? 'stands';
            return typeof answer === 'string' ? Ok(answer) : Err(answer);
          },
        }
      : trustStatus;
  }

  readonly systems = { bookings: 'uschedule', calendars: 'google' };
  readonly bookings = {
    listBookings: async ({ from, to }: { readonly from: number; readonly to: number }) => {
      this.asked.push(`list ${from - NOW} ${to - from}`);
      return 'kind' in this.list ? Err(this.list) : Ok({ bookings: this.list, unreadable: [] });
    },
    getBooking: async (id: string) => {
      this.asked.push(`read ${id}`);
      const told = this.read[id] ?? {};
      return 'kind' in told ? Err(told) : Ok(aBooking({ appointmentId: id, ...told }));
    },
    listFreeSlots: async () => Ok([]),
    cancelBooking: async (id: string) => {
      this.asked.push(`cancel ${id}`);
      const error = this.cancel[id];
      return error ? Err(error) : Ok.EMPTY;
    },
    rescheduleBooking: async (id: string) => {
      this.asked.push(`move ${id}`);
      return this.moved ? Err(this.moved) : Ok(id);
    },
    book: async (request: BookRequest) => {
      this.asked.push('book');
      this.requests.push(request);
      return this.booked ? Err(this.booked) : Ok(NEW_ID);
    },
  };

  /** What becomes of a booking whose event was dragged to bay 2. */
  async move(booking: Booking = aBooking(), to = TO, noted: SyncError | null = null) {
    const noteSuccessor = async (id: string) => {
      this.asked.push(`note ${id}`);
      return noted ? Err(noted) : Ok.EMPTY;
    };
    const done = await reschedule({ map: aMap(), bay: BAY2, base: to, booking, noteSuccessor }, this);
    return done.ok ? done.val : { ...done.val.error, untouched: done.val.untouched };
  }

  async resume(settled = true) {
    return (await resumeReplacing(ID, NEW_ID, settled, this)).val;
  }
}

describe('a reschedule by one call', () => {
  const ways: readonly (readonly [what: string, error: SyncError, untouched: boolean])[] = [
    ['is refused', REFUSED, true],
    ['is not known there', failure('not-found'), true],
    ['was not sent', { ...TIMEOUT, unsent: true }, true],
    ['was answered with 500', { ...TIMEOUT, status: 500 }, true],
    ['has timed out', TIMEOUT, false],
    ['was given up by a gateway (502)', { ...TIMEOUT, status: 502 }, false],
    ['was given up by a gateway (504)', { ...TIMEOUT, status: 504 }, false],
  ];
  for (const [what, error, untouched] of ways) {
    it(`that ${what} has ${untouched ? 'changed nothing' : 'changed who knows what'}`, async () => {
      const script = new Script({ reschedule: 'method' });
      script.moved = error;
      expect(await script.move()).to.deep.equal({ ...error, untouched });
      expect(script.asked).to.deep.equal([`move ${ID}`]);
    });
  }

  it('answers the id the booking has from then on', async () => {
    expect(await new Script({ reschedule: 'method' }).move()).to.equal(ID);
  });
});

describe('a rebooking', () => {
  it('books, notes the new id, cancels the old booking: in this order', async () => {
    const script = new Script();
    expect(await script.move()).to.equal(NEW_ID);
    expect(script.asked).to.deep.equal(['book', `note ${NEW_ID}`, `cancel ${ID}`]);
    expect(script.requests).to.deep.equal([
      {
        resourceUnitId: BAY2.resourceUnitId,
        start: TO.start,
        end: TO.end,
        customerId: '90001',
        notes: `[loft:${ID}] Two players`,
      },
    ]);
  });

  it('is not begun within the hours in which nothing can be cancelled, be it of the old time or of the new', async () => {
    const at = (start: number) => ({ start, end: start + HOUR });
    const far = { ...TO, ...at(NOW + 3 * DAY) };
    for (const [from, to] of [
      [NOW + DAY - 1, far.start],
      [NOW + 3 * DAY, NOW + DAY - 1],
    ] as const) {
      const script = new Script();
      expect(await script.move(aBooking(at(from)), { ...TO, ...at(to) })).to.deep.equal({
        kind: 'refused',
        system: 'uschedule',
        method: 'reschedule',
        message: 'within 24 hours of its start a booking cannot be cancelled, so it cannot be rebooked',
        untouched: true,
      });
      expect(script.asked).to.deep.equal([]);
    }
    expect(await new Script().move(aBooking(at(NOW + DAY)), far)).to.equal(NEW_ID);
  });

  it('has changed nothing where the new booking was refused, and who knows what where its answer was lost', async () => {
    const script = new Script();
    script.booked = REFUSED;
    expect(await script.move()).to.deep.equal({ ...REFUSED, untouched: true });
    script.booked = TIMEOUT;
    expect(await script.move()).to.deep.equal({ ...TIMEOUT, untouched: false });
    expect(script.asked).to.deep.equal(['book', 'book']);
  });

  it('cancels nothing before the new id is noted', async () => {
    const script = new Script();
    const lost = failure('conflict', { system: 'store' });
    expect(await script.move(aBooking(), TO, lost)).to.deep.equal({ ...lost, untouched: false });
    expect(script.asked).to.deep.equal(['book', `note ${NEW_ID}`]);
  });

  it('is done where the old booking is not known any more, to be cancelled or to be read', async () => {
    const script = new Script();
    script.cancel = { [ID]: failure('not-found') };
    script.read = { [ID]: failure('not-found') };
    expect(await script.move()).to.equal(NEW_ID);
    expect(script.asked.slice(2)).to.deep.equal([`cancel ${ID}`, `read ${ID}`]);
  });

  it('is undone, and told as refused, where the old booking can be read though it is not known to the cancellation', async () => {
    const script = new Script();
    script.cancel = { [ID]: failure('not-found') };
    expect(await script.move()).to.deep.equal({ ...failure('not-found'), kind: 'refused', untouched: false });
    expect(script.asked.slice(2)).to.deep.equal([`cancel ${ID}`, `read ${ID}`, `cancel ${NEW_ID}`]);
  });

  it('goes on later where the cancellation came to no end', async () => {
    const script = new Script();
    script.cancel = { [ID]: TIMEOUT };
    expect(await script.move()).to.deep.equal({ ...TIMEOUT, untouched: false });
    expect(script.asked).to.not.include(`cancel ${NEW_ID}`);
  });

  it('is done where the cancellation is refused since it has gone through', async () => {
    for (const read of [{ status: 'dead' } as const, failure('not-found')]) {
      const script = new Script();
      script.cancel = { [ID]: REFUSED };
      script.read = { [ID]: read };
      expect(await script.move()).to.equal(NEW_ID);
      expect(script.asked.at(-1)).to.equal(`read ${ID}`);
    }
  });

  it('is undone where the old booking has to stand, and told as refused', async () => {
    for (const gone of [false, true]) {
      const script = new Script();
      script.cancel = { [ID]: REFUSED, ...(gone && { [NEW_ID]: failure('not-found') }) };
      script.read = gone ? { [NEW_ID]: failure('not-found') } : {};
      expect(await script.move()).to.deep.equal({ ...REFUSED, untouched: false });
      const asked = [`cancel ${ID}`, `read ${ID}`, `cancel ${NEW_ID}`];
      expect(script.asked.slice(2)).to.deep.equal(gone ? [...asked, `read ${NEW_ID}`] : asked);
    }
  });

  it('is undone where nobody can tell whether the old booking stands, as long as it was never asked before', async () => {
    const script = new Script({}, { [ID]: 'unclear' });
    script.cancel = { [ID]: REFUSED };
    expect(await script.move()).to.deep.equal({ ...REFUSED, untouched: false });
    expect(script.asked).to.include(`cancel ${NEW_ID}`);
  });

  it('is told as refused where the new booking reads gone though its cancellation was refused', async () => {
    const script = new Script();
    script.cancel = { [ID]: REFUSED, [NEW_ID]: failure('refused', { message: 'no' }) };
    script.read = { [NEW_ID]: { status: 'dead' } };
    expect(await script.move()).to.deep.equal({ ...REFUSED, untouched: false });
  });

  it('tells a person where both bookings have to stand', async () => {
    const script = new Script();
    const no = failure('refused', { message: 'no' });
    script.cancel = { [ID]: REFUSED, [NEW_ID]: no };
    expect(await script.move()).to.deep.equal({
      ...no,
      message:
        `two bookings stand: ${ID} could not be cancelled (refused it is), ` +
        `nor could ${NEW_ID}, which was made in its place (no)`,
      untouched: false,
    });
  });

  it('goes on later where nothing could be read', async () => {
    const unread = failure('transient', { method: 'getappointment' });
    for (const id of [ID, NEW_ID]) {
      const script = new Script();
      script.cancel = { [ID]: REFUSED, [NEW_ID]: REFUSED };
      script.read = { [id]: unread };
      expect(await script.move()).to.deep.equal({ ...unread, untouched: false });
    }
  });
});

describe('a rebooking that is taken up again', () => {
  it('cancels the old booking where the new one stands', async () => {
    const script = new Script();
    expect(await script.resume()).to.equal(NEW_ID);
    expect(script.asked).to.deep.equal([`read ${NEW_ID}`, `cancel ${ID}`]);
  });

  it('does not touch the old booking where the new one is gone', async () => {
    const script = new Script();
    script.read = { [NEW_ID]: { status: 'dead' } };
    expect(await script.resume()).to.deep.equal({
      kind: 'refused',
      system: 'uschedule',
      method: 'reschedule',
      message: `booking ${NEW_ID}, made in place of ${ID}, was cancelled again`,
    });
    expect(script.asked).to.deep.equal([`read ${NEW_ID}`]);
  });

  it('touches neither where nobody can tell whether the old one stands: it may have been cancelled before', async () => {
    const script = new Script({}, { [ID]: 'unclear' });
    script.cancel = { [ID]: REFUSED };
    expect(await script.resume()).to.deep.equal({
      ...REFUSED,
      kind: 'invalid',
      message: `two bookings may stand: ${ID} could not be cancelled (refused it is), and ${NEW_ID} was made in its place`,
    });
    expect(script.asked).to.not.include(`cancel ${NEW_ID}`);
  });

  it('concludes nothing from a refusal for as long as an old answer may be served', async () => {
    for (const standing of ['stands', 'unclear'] as const) {
      const script = new Script({}, { [ID]: standing });
      script.cancel = { [ID]: REFUSED };
      expect(await script.resume(false)).to.equal(null);
      expect(script.asked).to.deep.equal([`read ${NEW_ID}`, `cancel ${ID}`, `read ${ID}`]);
    }
  });

  it('is undone after that where the old booking has to stand', async () => {
    const script = new Script();
    script.cancel = { [ID]: REFUSED };
    expect(await script.resume()).to.deep.equal(REFUSED);
    expect(script.asked.at(-1)).to.equal(`cancel ${NEW_ID}`);
  });

  it('goes on later where the new one cannot be read', async () => {
    const script = new Script();
    script.read = { [NEW_ID]: TIMEOUT };
    expect(await script.resume()).to.deep.equal(TIMEOUT);
    const unjudged = new Script({}, { [NEW_ID]: TIMEOUT });
    expect(await unjudged.resume()).to.deep.equal(TIMEOUT);
    expect(unjudged.asked).to.deep.equal([`read ${NEW_ID}`]);
  });
});

describe('the successor of a booking', () => {
  const BEGUN = NOW - 5 * MINUTE;
  const INTENT: SyncIntent = {
    kind: 'reschedule',
    start: TO.start,
    end: TO.end,
    bay: '2',
    since: BEGUN,
    triedAt: NOW,
    successor: null,
  };
  const inSlot = (change: Partial<Booking> = {}): Booking =>
    aBooking({
      appointmentId: NEW_ID,
      resourceUnitId: BAY2.resourceUnitId,
      start: TO.start,
      end: TO.end,
      createdAt: BEGUN,
      ...change,
    });
  const OLD = bookingSeen({ status: 'dead' });

  async function successor(
    list: Script['list'],
    {
      map = {},
      old = OLD,
      way = 'method',
      status = 'trusted',
    }: {
      readonly map?: Partial<BookingEventMap>;
      readonly old?: typeof OLD;
      readonly way?: 'method' | 'rebook';
      readonly status?: 'trusted' | 'blind';
    } = {},
  ): Promise<unknown> {
    const script = new Script({ reschedule: way, status });
    script.list = list;
    return (await findSuccessor(aMap({ intent: INTENT, ...map }), old, script)).val;
  }

  it('is the one that stands in the wanted slot under another id', async () => {
    const before = inSlot({ appointmentId: '700998', status: 'dead' });
    expect(await successor([before, inSlot(), aBooking({ appointmentId: '700777' })])).to.equal(NEW_ID);
    expect(await successor([inSlot({ appointmentId: '700998' }), inSlot()])).to.equal(NEW_ID);
  });

  it('is looked for where the booking was to go', async () => {
    const script = new Script({ reschedule: 'method' });
    await findSuccessor(aMap({ intent: INTENT }), OLD, script);
    expect(script.asked).to.deep.equal([`list ${TO.start - NOW} 1`]);
    script.list = TIMEOUT;
    expect((await findSuccessor(aMap({ intent: INTENT }), OLD, script)).val).to.deep.equal(TIMEOUT);
  });

  it('is nobody where nothing was begun, and the one that was noted without a look', async () => {
    expect(await successor([inSlot()], { map: { intent: null } })).to.equal(null);
    expect(await successor(TIMEOUT, { map: { intent: { ...INTENT, successor: '700555' } } })).to.equal('700555');
  });

  for (const [what, change] of [
    ['the old booking itself', { appointmentId: ID }],
    ['a dead one', { status: 'dead' }],
    ['one that is older than the change, by more than clocks differ', { createdAt: BEGUN - MINUTE - 1 }],
    ['one on another unit', { resourceUnitId: BAY1.resourceUnitId }],
    ['one that begins at another time', { start: TO.start - HOUR }],
    ['one that ends at another time', { end: TO.end + HOUR }],
    ['that of another customer', { customerId: '90002' }],
    ['that of another customer, of whom only the name is known', { customerId: null, customerName: 'Ben S.' }],
  ] as const) {
    it(`is not ${what}`, async () => {
      expect(await successor([inSlot(change)])).to.equal(null);
    });
  }

  it('may be of a time that is not known, or a little older by the clock of the other side', async () => {
    expect(await successor([inSlot({ createdAt: null })])).to.equal(NEW_ID);
    expect(await successor([inSlot({ createdAt: BEGUN - MINUTE })])).to.equal(NEW_ID);
  });

  it('may be anybody’s where the old booking is not known any more, and of the same name where it has no customer', async () => {
    const gone = { at: NOW, booking: null, life: 'dead', sure: true } as const;
    expect(await successor([inSlot({ customerId: '90002' })], { old: gone })).to.equal(NEW_ID);
    const nameless = bookingSeen({ status: 'dead', customerId: null });
    expect(await successor([inSlot()], { old: nameless })).to.equal(NEW_ID);
    expect(await successor([inSlot({ customerName: 'Ben S.' })], { old: nameless })).to.equal(null);
    expect(await successor([inSlot({ customerId: null })])).to.equal(NEW_ID);
  });

  it('is nobody where the old booking stands, unless nobody can tell that', async () => {
    expect(await successor([inSlot()], { old: bookingSeen() })).to.equal(null);
    expect(await successor([inSlot()], { old: bookingSeen(), status: 'blind' })).to.equal(NEW_ID);
  });

  it('is nobody where the bay it was to go to is none of ours any more', async () => {
    expect(await successor([inSlot()], { map: { intent: { ...INTENT, bay: '9' } } })).to.equal(null);
  });

  it('is the last that bears the marker, wherever and whoever it is; by rebooking no other', async () => {
    const marked = (appointmentId: string, replaced = ID): Booking =>
      inSlot({ appointmentId, start: START, customerId: null, notes: `[loft:${replaced}]` });
    for (const way of ['method', 'rebook'] as const) {
      const list = [marked('700991'), marked('700992'), marked('700993', '700111'), inSlot()];
      expect(await successor(list, { way, old: bookingSeen() })).to.equal('700992');
    }
    expect(await successor([inSlot()], { way: 'rebook' })).to.equal(null);
  });
});
