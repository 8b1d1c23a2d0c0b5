import { expect } from 'chai';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { createRules } from '#src/rules/rules.js';
import { ACCOUNT, BAY2, settingsWith } from '../engine/world.js';
import {
  aMap,
  aSituation,
  anEditedEvent,
  anEvent,
  aTombstone,
  bookingSeen,
  EVENT_ID,
  eventSeen,
  ID,
  rowOf,
  SYNCED,
  verdictOn,
} from './situations.js';

const inBay2 = anEditedEvent({ calendarId: BAY2.calendarId });
const others = [eventSeen(inBay2)];
const removed = { do: 'remove-copy', event: inBay2, mirrorMap: null };

describe('row 25 · copy: a live event under the id of the mirror in another bay', () => {
  const situation = { map: aMap(), booking: bookingSeen() };

  it('is removed if the mirror was read and is in the calendar of the map', () => {
    const event = eventSeen(anEvent(), { proven: true });
    expect(verdictOn({ ...situation, event, others })).to.deep.include({ reason: 'copy', action: removed });
  });

  it('is the mirror that a user moved, if the mirror is no longer in its calendar', () => {
    const event = eventSeen(inBay2, { proven: true });
    expect(verdictOn({ ...situation, event, others })).to.have.property('reason', 'event-moved-bay');
  });

  it('is removed also with another derived id, after a reading of the mirror', () => {
    const duplicate = eventSeen(anEvent({ eventId: `${EVENT_ID}g1`, calendarId: BAY2.calendarId }));
    const observed = { ...situation, event: eventSeen(anEvent()), others: [duplicate] };
    expect(verdictOn(observed)).to.deep.equal({ kind: 'observe', target: 'mirror' });
    const mirror = eventSeen(anEvent(), { proven: true });
    expect(verdictOn({ ...observed, mirror })).to.deep.include({
      reason: 'copy',
      action: { do: 'remove-copy', event: duplicate.event, mirrorMap: null },
    });
  });

  it('is treated as the moved mirror if the mirror is found at its place', () => {
    const observed = { ...situation, event: eventSeen(anEvent()), others };
    const moved = eventSeen(inBay2, { proven: true });
    expect(verdictOn({ ...observed, mirror: moved })).to.deep.equal({ kind: 'observe', target: 'event' });
  });

  it('is read again before it replaces the mirror, because it may be the place that a user moved the mirror from', () => {
    const event = eventSeen(inBay2, { proven: true });
    const map = aMap({ googleCalendarId: BAY2.calendarId });
    const listed = { ...eventSeen(anEvent()), at: event.at - 1 };
    const observed = { ...situation, map, event };
    expect(verdictOn({ ...observed, others: [listed] })).to.deep.equal({ kind: 'observe', target: 'others' });
    expect(verdictOn({ ...observed, others: [] })).not.to.have.nested.property('action.do', 'remove-copy');
  });

  it('stays if another account created it, or if the mirror lacks our properties', () => {
    const event = eventSeen(anEvent(), { proven: true });
    const foreign = [eventSeen({ ...inBay2, creatorEmail: 'person@example.com' })];
    expect(verdictOn({ ...situation, event, others: foreign })).to.have.property('reason', 'in-sync');
    expect(verdictOn({ ...situation, event: eventSeen(aTombstone(), { proven: true }), others })).to.have.property(
      'reason',
      'event-deleted',
    );
  });
});

describe('row 25 · copy: an event with the derived id, if another installation has cancelled the mirror under its former id', () => {
  const canceled = { title: 'CANCELED: Ana R.', free: true };
  const map = aMap({ googleEventId: 'loft700100' });
  const duplicate = eventSeen(anEvent());

  it('becomes the mirror, also in another bay, and the cancelled event is removed', () => {
    const event = eventSeen(anEvent({ eventId: 'loft700100', ...canceled }), { proven: true });
    for (const other of [duplicate, eventSeen(inBay2)]) {
      const observed = { map, booking: bookingSeen(), event };
      expect(verdictOn({ ...observed, others: [other] })).to.deep.equal({ kind: 'observe', target: 'others' });
      const verdict = verdictOn({ ...observed, others: [{ ...other, proven: true }] });
      expect(verdict).to.have.nested.include({ 'action.do': 'remove-copy', 'action.event': event.event });
      expect(verdict).to.have.nested.include({
        'action.mirrorMap.googleEventId': EVENT_ID,
        'action.mirrorMap.googleCalendarId': other.event.calendarId,
      });
    }
  });

  it('stays a copy if the mirror is an event of a person', () => {
    const persons = { creatorEmail: 'person@example.com', createdAt: SYNCED - 1 };
    const event = eventSeen(anEvent({ eventId: 'loft700100', ...canceled, ...persons }), { proven: true });
    const verdict = verdictOn({ map, booking: bookingSeen(), event, others: [duplicate] });
    expect(verdict).not.to.have.nested.property('action.do', 'remove-copy');
  });
});

describe('row 25 · copy: an event with a derived id, if a user’s copy has become the mirror', () => {
  const mirror = eventSeen(anEvent({ eventId: 'copy1', creatorEmail: 'person@example.com' }), { proven: true });
  const observed = { map: aMap({ googleEventId: 'copy1' }), booking: bookingSeen(), event: mirror };
  const made = (createdAt: number) => eventSeen(anEvent({ createdAt }));

  it('is removed if our account created it after the copy', () => {
    const duplicate = made(SYNCED + 1);
    expect(verdictOn({ ...observed, others: [duplicate] })).to.deep.include({
      reason: 'copy',
      action: { do: 'remove-copy', event: duplicate.event, mirrorMap: null },
    });
  });

  it('stays if it is older: a user restored the former mirror from the trash', () => {
    expect(verdictOn({ ...observed, others: [made(SYNCED - 1)] })).to.have.property('reason', 'in-sync');
  });
});

describe('row 13b · copy-adopted: a mirror whose id is not derived from the appointment was deleted', () => {
  const EARLIER = 'loft700100';
  const map = aMap({ googleEventId: EARLIER });
  const event = eventSeen(anEvent({ eventId: EARLIER, state: 'gone' }), { proven: true });
  const gone = { map, event, booking: bookingSeen() };

  it('does not cancel the booking before the event with the derived id was searched', () => {
    const { derived: _none, ...unread } = aSituation(gone);
    const rules = createRules(settingsWith());
    expect(rowOf(unread, rules)).to.deep.equal({ kind: 'observe', target: 'derived' });
    expect(verdictOn(gone)).to.have.property('reason', 'event-deleted');
  });

  it('is replaced by the event with the derived id, which another installation created', () => {
    const derived = eventSeen(anEvent(), { proven: true });
    expect(verdictOn({ ...gone, derived })).to.deep.include({ reason: 'copy-adopted' });
  });
});

describe('row 25 · copy: an event restored from the trash with the previous id of the booking', () => {
  const EARLIER = '700100';
  const marks = { ...NO_MARKS, appointmentId: EARLIER, managed: true, bay: '1' };
  const event = eventSeen(anEvent({ eventId: `loft${EARLIER}`, marks }));
  const mirror = eventSeen(anEvent(), { proven: true });
  const situation = { map: aMap(), event, mirror };
  const superseded = aMap({ uscheduleAppointmentId: EARLIER, status: 'CANCELED', supersededBy: ID });

  it('is removed if the old record was read and is dead', () => {
    expect(verdictOn(situation)).to.deep.equal({ kind: 'observe', target: 'marked-for' });
    const markedFor = { appointmentId: EARLIER, map: superseded, existence: 'gone' } as const;
    expect(verdictOn({ ...situation, markedFor })).to.deep.include({
      reason: 'copy',
      action: { do: 'remove-copy', event: event.event, mirrorMap: null },
    });
  });

  it('stays if the old record is live, or is no earlier id of a booking', () => {
    const markedFor = { appointmentId: EARLIER, map: superseded, existence: 'exists' } as const;
    expect(verdictOn({ ...situation, markedFor })).to.have.property('reason', 'not-managed');
    const foreign = { appointmentId: EARLIER, map: null, existence: 'gone' } as const;
    expect(verdictOn({ ...situation, markedFor: foreign })).to.have.property('reason', 'not-managed');
  });
});

describe('row 5 · orphan: a copy of an event without a map', () => {
  const copy = eventSeen(anEvent({ eventId: 'copy1', creatorEmail: 'person@example.com' }));
  const booking = bookingSeen({ status: 'dead' });

  it('leads to a reading of the event with the derived id, which is removed', () => {
    const { derived: _none, ...unread } = aSituation({ booking, event: copy });
    expect(rowOf(unread, createRules(settingsWith()))).to.deep.equal({ kind: 'observe', target: 'derived' });
    const derived = eventSeen(anEvent({ creatorEmail: ACCOUNT }), { proven: true });
    expect(verdictOn({ booking, event: copy, derived })).to.deep.include({
      reason: 'orphan',
      action: { do: 'cancel-event', event: derived.event },
    });
  });

  it('leads to that reading also if it was the mirror and is marked as cancelled', () => {
    const marked = { ...copy, event: { ...copy.event, title: 'CANCELED: Ana R.', free: true } };
    const { derived: _none, ...unread } = aSituation({ booking, event: marked });
    expect(rowOf(unread, createRules(settingsWith()))).to.deep.equal({ kind: 'observe', target: 'derived' });
    const derived = eventSeen(anEvent({ creatorEmail: ACCOUNT }), { proven: true });
    expect(verdictOn({ booking, event: marked, derived })).to.deep.include({
      reason: 'orphan',
      action: { do: 'cancel-event', event: derived.event },
    });
    const unmarked = eventSeen(anEvent({ marks: NO_MARKS }), { proven: true });
    for (const other of [null, unmarked]) {
      expect(verdictOn({ booking, event: marked, derived: other })).to.have.property('reason', 'dead-on-arrival');
    }
  });

  it('is reported if there is no event with the derived id', () => {
    for (const derived of [null, eventSeen(aTombstone({ eventId: EVENT_ID }), { proven: true })]) {
      expect(verdictOn({ booking, event: copy, derived })).to.have.property('reason', 'orphan-foreign');
    }
  });
});
