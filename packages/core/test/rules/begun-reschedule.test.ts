import { expect } from 'chai';
import { DAY, HOUR, MINUTE, SECOND, type Booking, type SyncError } from '@loft/sync-core';
import type { SyncIntent } from '#src/domain/booking-event-map.js';
import { decideBegunReschedule } from '#src/rules/decide.js';
import { decideRebooking, type Exchange } from '#src/rules/decide-rebooking.js';
import type { Verdict } from '#src/rules/decision.js';
import { createRules, type Rules } from '#src/rules/rules.js';
import type { Rebooking, Situation } from '#src/rules/situation.js';
import { BAY1, BAY2, settingsWith, type Overrides } from '../engine/world.js';
import {
  aBooking,
  aMap,
  aSituation,
  bookingSeen,
  bookingUnknownToSystem,
  END,
  FOREIGN_UNIT,
  ID,
  NOW,
  REFUSAL,
  START,
} from './situations.js';

const NEW_ID = '700200';
const REBOOK = createRules(settingsWith({ uschedule: { reschedule: 'rebook' } }));
const METHOD = createRules(settingsWith());
const { intentHoldsMs, longestCallMs, rebookingShowsMs, rescheduleShowsMs } = REBOOK.timing;
/** The last attempt is still under way, or has ended but does not show yet. */
const UNDER_WAY = NOW - longestCallMs + 1;
const NOT_SHOWN = NOW - longestCallMs;
const LONG_AGO = NOW - HOUR;
/** The reschedule was begun before the bookings of these tests were made. */
const SINCE = NOW - 2 * DAY;

const TARGET = { start: START + HOUR, end: END + HOUR, bay: '1' };
const NOT_FOUND: SyncError = { ...REFUSAL, kind: 'not-found', message: 'No such appointment.' };
const UNDO_REFUSAL: SyncError = { ...REFUSAL, message: 'Too late to cancel.' };

function intentOf(change: Partial<SyncIntent> = {}): SyncIntent & { readonly successor: string } {
  const { successor = NEW_ID, ...rest } = change;
  const intent = { kind: 'reschedule', ...TARGET, since: SINCE, triedAt: LONG_AGO, ...rest } as const;
  return { ...intent, successor: successor ?? NEW_ID };
}

function exchange(rebooking: Rebooking | null, triedAt = LONG_AGO, change: Partial<Situation> = {}): Exchange {
  const situation = aSituation({ booking: bookingSeen(), ...(rebooking ? { rebooking } : {}), ...change });
  return decideRebooking(situation, intentOf({ triedAt }), REBOOK);
}

const canceled = (appointmentId: string, because: string, intent: SyncIntent | null = null) => ({
  kind: 'decision',
  reason: 'rebook-leftover',
  action: { do: 'cancel-booking', appointmentId, because, intent },
  detail: null,
});

describe('row 18a · the second half of a rebooking', () => {
  it('cancels the old booking at once if this round made the new one, and stores no new attempt', () => {
    expect(exchange({ phase: 'first', successor: 'exists' }, UNDER_WAY)).to.deep.equal(canceled(ID, 'replaced'));
    expect(exchange({ phase: 'first', successor: 'exists' }, NOT_SHOWN)).to.deep.equal(canceled(ID, 'replaced'));
  });

  it('reads the new booking before the old one is cancelled, also one that this round made', () => {
    const seeks = { kind: 'observe', target: 'successor', successor: NEW_ID };
    expect(exchange(null)).to.deep.equal(seeks);
    expect(exchange({ phase: 'resumed' })).to.deep.equal(seeks);
    expect(exchange({ phase: 'first' })).to.deep.equal(seeks);
  });

  it('waits while the booking that this round made is not there: an answer may name one that does not exist, or not yet', () => {
    const waits = { kind: 'wait', until: UNDER_WAY + rebookingShowsMs };
    expect(exchange({ phase: 'first', successor: 'gone' }, UNDER_WAY)).to.deep.equal(waits);
    expect(exchange({ phase: 'resumed', successor: 'gone' }, UNDER_WAY)).to.deep.equal(waits);
    expect(exchange({ phase: 'resumed', successor: 'gone', settled: true }, UNDER_WAY)).to.include({ kind: 'refused' });
    expect(exchange({ phase: 'first', successor: 'unclear' }, UNDER_WAY)).to.deep.equal(canceled(ID, 'replaced'));
  });

  it('stores the time of the attempt before an old booking is cancelled in a later round', () => {
    const noted = intentOf({ triedAt: NOW });
    expect(exchange({ phase: 'resumed', successor: 'exists' })).to.deep.equal(canceled(ID, 'replaced', noted));
    expect(exchange({ phase: 'resumed', successor: 'unclear' })).to.deep.equal(canceled(ID, 'replaced', noted));
  });

  it('repeats the cancellation while the call of an earlier attempt may be in progress, and keeps its time', () => {
    expect(exchange({ phase: 'resumed', successor: 'exists' }, UNDER_WAY)).to.deep.equal(canceled(ID, 'replaced'));
  });

  it('waits until an ended exchange shows, if the readings are older', () => {
    const settlesAt = NOT_SHOWN + rebookingShowsMs;
    const resumed = { phase: 'resumed', successor: 'exists' } as const;
    expect(exchange(resumed, NOT_SHOWN)).to.deep.equal({ kind: 'wait', until: settlesAt });
    expect(exchange(resumed, NOT_SHOWN, { booking: undefined })).to.deep.equal({ kind: 'wait', until: settlesAt });
    const noted = intentOf({ triedAt: NOW });
    expect(exchange({ ...resumed, settled: true }, NOT_SHOWN)).to.deep.equal(canceled(ID, 'replaced', noted));
    const seen = { booking: bookingSeen({}, { at: settlesAt }) };
    expect(exchange(resumed, NOT_SHOWN, seen)).to.deep.equal(canceled(ID, 'replaced', noted));
  });

  it('ends as refused if the new booking was cancelled meanwhile', () => {
    expect(exchange({ phase: 'resumed', successor: 'gone' })).to.deep.equal({
      kind: 'refused',
      error: {
        kind: 'refused',
        system: REBOOK.systems.bookings,
        method: 'reschedule',
        message: `booking ${NEW_ID}, made in place of ${ID}, was cancelled again`,
      },
    });
  });

  it('is finished once the old booking was cancelled in this round', () => {
    expect(exchange({ phase: 'resumed', replaced: true }, NOT_SHOWN)).to.deep.equal({ kind: 'finished' });
  });

  it('ends as refused once the new booking was cancelled in this round, with the reason of the old one', () => {
    const undone = { phase: 'first', undone: true } as const;
    expect(exchange({ ...undone, cancelRefusal: REFUSAL })).to.deep.equal({ kind: 'refused', error: REFUSAL });
    expect(exchange({ ...undone, cancelRefusal: NOT_FOUND })).to.deep.equal({
      kind: 'refused',
      error: { ...NOT_FOUND, kind: 'refused' },
    });
    expect(exchange(undone)).to.have.nested.property('error.message', `booking ${ID} could not be cancelled`);
  });
});

describe('row 18a · an old booking whose cancellation was refused', () => {
  const refused = { phase: 'resumed', successor: 'exists', cancelRefusal: REFUSAL } as const;

  it('is read first: the refusal may be the answer to a repeated cancellation', () => {
    expect(exchange(refused)).to.deep.equal({ kind: 'observe', target: 'old-booking' });
  });

  it('was cancelled by an earlier attempt if it is gone: the exchange is finished', () => {
    expect(exchange({ ...refused, old: 'gone' }, NOT_SHOWN)).to.deep.equal({ kind: 'finished' });
  });

  it('is not kept before an earlier attempt would show', () => {
    const until = NOT_SHOWN + rebookingShowsMs;
    expect(exchange({ ...refused, old: 'exists' }, NOT_SHOWN)).to.deep.equal({ kind: 'wait', until });
    expect(exchange({ ...refused, old: 'unclear' }, NOT_SHOWN)).to.deep.equal({ kind: 'wait', until });
  });

  it('is kept if it exists: the new booking is cancelled', () => {
    expect(exchange({ ...refused, old: 'exists' })).to.deep.equal(canceled(NEW_ID, 'undo'));
    expect(exchange({ ...refused, phase: 'first', old: 'exists' })).to.deep.equal(canceled(NEW_ID, 'undo'));
    expect(exchange({ ...refused, phase: 'first', old: 'unclear' })).to.deep.equal(canceled(NEW_ID, 'undo'));
  });

  it('changes nothing if the evidence of a later round does not show whether it exists', () => {
    expect(exchange({ ...refused, old: 'unclear' })).to.deep.equal({
      kind: 'fail',
      error: {
        ...REFUSAL,
        kind: 'invalid',
        message: `two bookings may exist: ${ID} could not be cancelled (${REFUSAL.message}), and its replacement ${NEW_ID}`,
      },
    });
  });

  it('leaves two bookings, which are reported, if the new one cannot be cancelled either', () => {
    const both = { ...refused, old: 'exists', undoRefusal: UNDO_REFUSAL } as const;
    const { successor: _unread, ...unread } = both;
    expect(exchange(unread)).to.deep.equal({ kind: 'observe', target: 'successor', successor: NEW_ID });
    expect(exchange({ ...both, successor: 'gone' })).to.deep.equal({ kind: 'refused', error: REFUSAL });
    const message =
      `two bookings exist: ${ID} could not be cancelled (${REFUSAL.message}), ` +
      `nor could ${NEW_ID}, its replacement (${UNDO_REFUSAL.message})`;
    expect(exchange(both)).to.deep.equal({ kind: 'refused', error: { ...UNDO_REFUSAL, message } });
  });
});

describe('a reschedule that was begun and whose result is not stored', () => {
  const NEXT: Verdict = { kind: 'wait', until: null };
  let rest: Situation | null = null;

  function begun(
    change: Partial<Situation>,
    intent: Partial<SyncIntent> = {},
    { rules = METHOD }: { readonly rules?: Rules } = {},
  ): Verdict {
    rest = null;
    const whole: SyncIntent = { kind: 'reschedule', ...TARGET, since: SINCE, triedAt: LONG_AGO, successor: null };
    const situation = aSituation({ booking: bookingSeen(), inSlot: [], ...change });
    return decideBegunReschedule(situation, aMap(), { ...whole, ...intent }, rules, (given) => {
      rest = given;
      return NEXT;
    });
  }

  const finished = (appointmentId: string) => ({
    kind: 'decision',
    reason: 'event-moved',
    action: { do: 'finish-reschedule', appointmentId, base: { ...aMap().base, ...TARGET } },
    detail: null,
  });
  const inTarget = (change: Partial<Booking> = {}) => aBooking({ start: TARGET.start, end: TARGET.end, ...change });

  it('is read first: the booking, and its target slot', () => {
    const { inSlot: _unread, ...situation } = aSituation({ booking: bookingSeen() });
    const read = { kind: 'observe', target: 'reschedule' };
    const decided = (given: Situation, rules = METHOD): Verdict =>
      decideBegunReschedule(given, aMap(), { ...intentOf(), successor: null }, rules, () => NEXT);
    expect(decided(situation)).to.deep.equal(read);
    expect(decided({ ...situation, rebooking: { phase: 'resumed' } })).to.deep.equal(read);
    expect(decided({ ...situation, rebooking: { phase: 'first' } })).to.deep.equal(NEXT);
  });

  it('has taken effect if the booking shows its target', () => {
    expect(begun({ booking: bookingSeen(inTarget()) })).to.deep.equal(finished(ID));
  });

  it('has not taken effect if the booking has another start, end or bay, or is dead', () => {
    for (const place of [
      { start: START },
      { end: END },
      { resourceUnitId: BAY2.resourceUnitId },
      { resourceUnitId: FOREIGN_UNIT },
      { status: 'dead' as const },
    ]) {
      const booking = bookingSeen(inTarget(place));
      expect(begun({ booking }), JSON.stringify(place)).to.equal(NEXT);
    }
    expect(begun({ booking: bookingUnknownToSystem() })).to.equal(NEXT);
    expect(begun({ booking: undefined })).to.equal(NEXT);
  });

  it('waits until it would show before another row decides', () => {
    const triedAt = NOW - rescheduleShowsMs;
    expect(begun({}, { triedAt: triedAt + 1 })).to.deep.equal({ kind: 'wait', until: NOW + 1 });
    expect(begun({}, { triedAt })).to.equal(NEXT);
  });

  it('has no effect if it was refused: the refusal is decided at once', () => {
    expect(begun({ refusal: REFUSAL }, { triedAt: NOW - SECOND })).to.equal(NEXT);
    expect(rest).to.have.property('refusal', REFUSAL);
  });

  it('is tried again each minute for a limited time if its repetition is refused although the list shows no booking in the slot', () => {
    const rebooking = { rules: REBOOK };
    const since = NOW - intentHoldsMs;
    const other = (change: Partial<Booking> = {}): readonly Booking[] => [inTarget({ appointmentId: '9', ...change })];
    const free = [
      [],
      other({ status: 'dead' }),
      other({ resourceUnitId: BAY2.resourceUnitId }),
      other({ start: START }),
    ];
    for (const inSlot of free) {
      const refused = { refusal: REFUSAL, inSlot };
      expect(begun(refused, { since: NOW }, rebooking)).to.deep.equal({ kind: 'wait', until: NOW + MINUTE });
      expect(begun(refused, { since: since + 1 }, rebooking)).to.deep.equal({ kind: 'wait', until: NOW + 1 });
      expect(begun(refused, { since }, rebooking)).to.equal(NEXT);
      expect(begun(refused, { since: NOW, triedAt: 0 }, rebooking)).to.equal(NEXT);
      expect(begun(refused, { since: NOW })).to.equal(NEXT);
      expect(rest).to.have.property('refusal', REFUSAL);
    }
    expect(begun({ refusal: REFUSAL, inSlot: other() }, { since: NOW }, rebooking)).to.equal(NEXT);
    expect(begun({ refusal: REFUSAL, inSlot: other({ status: 'unknown' }) }, { since: NOW }, rebooking)).to.equal(NEXT);
  });

  it('gives the event to the booking that replaced a dead one', () => {
    const dead = { booking: bookingSeen({ status: 'dead' }) };
    expect(begun({ ...dead, inSlot: [inTarget({ appointmentId: NEW_ID })] })).to.deep.equal(finished(NEW_ID));
    expect(begun(dead, { successor: NEW_ID }, { rules: REBOOK })).to.deep.equal(finished(NEW_ID));
    expect(begun({}, { successor: NEW_ID })).to.deep.equal(finished(NEW_ID));
  });

  it('finds no replacement if the old booking was not read', () => {
    const inSlot = [inTarget({ appointmentId: NEW_ID })];
    expect(begun({ booking: undefined, inSlot, rebooking: { phase: 'first' } })).to.equal(NEXT);
  });

  it('continues the rebooking whose new booking is known', () => {
    const rebooking = { rules: REBOOK };
    expect(begun({}, { successor: NEW_ID }, rebooking)).to.deep.equal({
      kind: 'observe',
      target: 'successor',
      successor: NEW_ID,
    });
    const replaced = { rebooking: { phase: 'resumed', replaced: true } as const };
    expect(begun(replaced, { successor: NEW_ID }, rebooking)).to.deep.equal(finished(NEW_ID));
    const undone = { rebooking: { phase: 'first', undone: true, cancelRefusal: REFUSAL } as const };
    expect(begun(undone, { successor: NEW_ID }, rebooking)).to.equal(NEXT);
    expect(rest).to.have.property('refusal', REFUSAL);
  });
});

describe('the booking that replaces one with a begun reschedule', () => {
  const overrides: readonly Overrides[] = [{}, { uschedule: { reschedule: 'rebook' } }];

  it('is found by the marker in its note, and not if it is dead', () => {
    for (const settings of overrides) {
      const rules = createRules(settingsWith(settings));
      const decided = (status: Booking['status']): Verdict => {
        const marked = aBooking({
          appointmentId: NEW_ID,
          status,
          resourceUnitId: BAY1.resourceUnitId,
          notes: `[loft:${ID}]`,
        });
        const situation = aSituation({ booking: bookingSeen({ status: 'dead' }), inSlot: [marked] });
        const intent = { ...intentOf(), successor: null };
        return decideBegunReschedule(situation, aMap(), intent, rules, () => ({ kind: 'wait', until: 7 }));
      };
      expect(decided('live')).to.have.nested.property('action.appointmentId', NEW_ID);
      expect(decided('dead')).to.deep.equal({ kind: 'wait', until: 7 });
    }
  });
});
