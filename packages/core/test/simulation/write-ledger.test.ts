import { expect } from 'chai';
import type { Act, ActKind } from '#src/testing/simulation/act.js';
import type { Refusal } from '#src/testing/simulation/refusals.js';
import { SameBooking } from '#src/testing/simulation/same-booking.js';
import { WriteLedger, type LedgerOptions } from '#src/testing/simulation/write-ledger.js';

const ID = '700001';
const BAYS = { before: 5521, after: 5522 };

function act(kind: ActKind, side: Act['side'], more: Partial<Act> = {}): Act {
  return { kind, side, words: kind, appointmentId: ID, expect: null, ...more };
}

const BOOK = act('book', 'booking', { units: { before: null, after: 5521 } });
const CHANGE_BAY = act('changeBay', 'booking', { units: BAYS });
const DRAG = act('drag', 'event');
const OTHER_BAY = act('otherBay', 'event');
const REMOVE = act('remove', 'event');

interface LedgerFacts extends Partial<LedgerOptions> {
  readonly refusal?: Refusal;
  readonly renamed?: boolean;
  readonly deadLettered?: boolean;
  readonly undelivered?: boolean;
  readonly orphaned?: number;
}

/** @returns whether the ledger accepts this number of calendar and booking writes after these acts */
function isRight(acts: readonly Act[], calendar: number, booking: number, facts: LedgerFacts = {}): boolean {
  const {
    refusal = 'no',
    renamed = false,
    deadLettered = false,
    undelivered = false,
    orphaned = 0,
    ...options
  } = facts;
  const ledger = new WriteLedger({
    same: new SameBooking(),
    refusalOf: () => refusal,
    isRouted: (unit) => unit !== 5999 && unit !== 5998,
    isClosed: (unit) => unit === 5998,
    isShownInClosed: () => false,
    rebook: false,
    marks: false,
    everStale: false,
    faultless: false,
    ...options,
  });
  for (const it of acts) ledger.act(it);
  for (let write = 0; write < calendar; write++) ledger.wrote('calendar', ID);
  for (let write = 0; write < booking; write++) ledger.wrote('booking', ID);
  if (renamed) ledger.renamed(ID);
  if (deadLettered) ledger.deadLettered(ID);
  if (undelivered) ledger.undelivered(ID);
  for (let write = 0; write < orphaned; write++) ledger.orphaned(ID);
  return ledger.close().length === 0;
}

/** The accepted pairs of calendar and booking writes, up to four each. */
function right(acts: readonly Act[], facts: LedgerFacts = {}): readonly string[] {
  const counts = [0, 1, 2, 3, 4, 5, 6, 7];
  return counts.flatMap((calendar) =>
    counts.flatMap((booking) => (isRight(acts, calendar, booking, facts) ? [`${calendar}+${booking}`] : [])),
  );
}

describe('the ledger of writes', () => {
  it('accepts no write without an act of a user', () => {
    expect(isRight([], 1, 0)).to.equal(false);
    expect(isRight([], 0, 1)).to.equal(false);
    expect(right([act('rename', 'event')])).to.deep.equal(['0+0']);
    expect(right([act('move', 'booking', { units: BAYS, idle: true })])).to.deep.equal(['0+0']);
  });

  it('allows one write on the other side for each change', () => {
    expect(right([BOOK])).to.deep.equal(['1+0']);
    expect(right([DRAG])).to.deep.equal(['0+1']);
    expect(right([OTHER_BAY])).to.deep.equal(['0+1']);
    expect(right([REMOVE])).to.deep.equal(['0+1']);
    expect(right([act('allDay', 'event')])).to.deep.equal(['1+0']);
    expect(right([act('cancel', 'booking', { units: { before: 5521, after: null } })])).to.deep.equal(['1+0']);
  });

  it('allows two for a change of bay, a rebooking, and a booking with a new id', () => {
    expect(right([CHANGE_BAY], { faultless: true })).to.deep.equal(['2+0']);
    expect(right([DRAG], { rebook: true })).to.deep.equal(['0+2']);
    expect(right([DRAG], { faultless: true, renamed: true })).to.deep.equal(['1+1']);
    expect(right([act('move', 'booking', { units: BAYS, renamedTo: '700002' })], { faultless: true })).to.deep.equal([
      '2+0',
    ]);
  });

  it('allows none if the booking is on a unit without a bay', () => {
    expect(right([act('book', 'booking', { units: { before: null, after: 5999 } })])).to.deep.equal(['0+0']);
  });

  it('allows a cancellation in a bay that was removed from the settings, with or without a write to its event', () => {
    const cancel = act('cancel', 'booking', { units: { before: 5998, after: null } });
    expect(right([cancel])).to.deep.equal(['0+0', '1+0', '2+0']);
  });

  it('allows the same for a booking that left such a bay for a unit without a bay, and whose event is still there', () => {
    const cancel = act('cancel', 'booking', { units: { before: 5999, after: null } });
    expect(right([cancel])).to.deep.equal(['0+0']);
    expect(right([cancel], { isShownInClosed: () => true })).to.deep.equal(['0+0', '1+0', '2+0']);
    expect(right([DRAG], { isShownInClosed: () => true })).to.deep.equal(['0+1']);
  });

  it('allows one for a change of bay that was interrupted after the move', () => {
    expect(right([CHANGE_BAY])).to.deep.equal(['1+0', '2+0']);
  });

  it('requires the revert of a refused edit, and nothing else', () => {
    expect(right([DRAG], { refusal: 'yes' })).to.deep.equal(['1+0']);
    expect(right([REMOVE], { refusal: 'yes' })).to.deep.equal(['1+0']);
    expect(right([OTHER_BAY], { refusal: 'yes', faultless: true })).to.deep.equal(['2+0']);
  });

  it('allows both results if the process may have died before it reported the refusal', () => {
    expect(right([DRAG], { refusal: 'perhaps' })).to.deep.equal(['0+1', '1+0']);
  });

  it('allows an undone rebooking if a list may have hidden the new booking', () => {
    expect(right([DRAG], { refusal: 'yes', rebook: true })).to.deep.equal(['1+0', '1+2']);
    expect(right([DRAG], { refusal: 'yes', rebook: true, faultless: true })).to.deep.equal(['1+0']);
  });

  it('allows up to the writes of a change of bay if the event without properties may already be there', () => {
    expect(right([act('changeBay', 'booking', { units: BAYS, displaced: true })])).to.deep.equal([
      '0+0',
      '1+0',
      '2+0',
      '3+0',
    ]);
  });

  it('allows a write and its correction if old answers are served, and twice that for a change of bay', () => {
    expect(right([BOOK], { everStale: true })).to.deep.equal(['1+0', '2+0', '3+0']);
    expect(right([CHANGE_BAY], { everStale: true, faultless: true })).to.deep.equal([
      '2+0',
      '3+0',
      '4+0',
      '5+0',
      '6+0',
    ]);
  });

  it('allows a second stamp if the answer to the first may have been lost', () => {
    expect(right([DRAG], { renamed: true })).to.deep.equal(['1+1', '2+1', '3+1']);
  });

  it('allows one more for a booking that returns to another bay than that of its cancelled event', () => {
    const back = act('changeBay', 'booking', { units: { before: 5999, after: 5521 } });
    expect(right([back])).to.deep.equal(['1+0']);
    expect(right([back], { marks: true })).to.deep.equal(['1+0', '2+0']);
  });

  it('allows one more for each write that took effect after its sender’s death', () => {
    expect(right([BOOK], { orphaned: 1 })).to.deep.equal(['1+0', '2+0']);
    expect(right([BOOK], { orphaned: 2 })).to.deep.equal(['1+0', '2+0', '3+0']);
  });

  it('allows one more for an abandoned write whose answer may have been lost', () => {
    expect(right([BOOK], { deadLettered: true })).to.deep.equal(['1+0', '2+0']);
  });

  it('allows the revert of an edit that was not delivered, and its replay, which writes the event again', () => {
    const undelivered = true;
    expect(right([DRAG], { undelivered })).to.deep.equal(['0+1', '1+0', '1+1', '2+1']);
    const ofBay = ['0+1', '1+0', '1+1', '2+0', '2+1', '3+1', '4+1'];
    expect(right([OTHER_BAY], { undelivered })).to.deep.equal(ofBay);
    expect(right([BOOK], { undelivered })).to.deep.equal(['1+0']);
    expect(isRight([BOOK, DRAG], 6, 2, { undelivered })).to.equal(true);
    expect(isRight([BOOK, DRAG], 7, 2, { undelivered })).to.equal(false);
  });

  it('has only an upper limit for several changes of one booking, which may have cancelled each other out', () => {
    expect(isRight([BOOK, DRAG], 4, 2)).to.equal(true);
    expect(isRight([BOOK, DRAG], 5, 2)).to.equal(false);
    expect(isRight([BOOK, DRAG], 4, 3)).to.equal(false);
    expect(isRight([BOOK, CHANGE_BAY], 0, 1)).to.equal(false);
    expect(isRight([BOOK, DRAG], 4, 3, { rebook: true })).to.equal(true);
    expect(isRight([BOOK, DRAG], 4, 3, { rebook: true, faultless: true })).to.equal(false);
    expect(isRight([BOOK, DRAG], 4, 4, { rebook: true })).to.equal(false);
  });

  it('counts writes to every id that a booking has had', () => {
    const same = new SameBooking();
    same.join(ID, '700002');
    const ledger = new WriteLedger({
      same,
      refusalOf: () => 'no',
      isRouted: () => true,
      isClosed: () => false,
      isShownInClosed: () => false,
      rebook: false,
      marks: false,
      everStale: false,
      faultless: true,
    });
    ledger.act(DRAG);
    ledger.wrote('booking', ID);
    ledger.wrote('calendar', '700002');
    expect(ledger.close()).to.deep.equal(['1 calendar and 1 booking writes instead of 0 and 1 for 700001: drag']);
    expect(ledger.close()).to.deep.equal([]);
  });
});
