import { expect } from 'chai';
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
  rowOf,
  verdictOn,
} from './situations.js';

const inBay2 = anEditedEvent({ calendarId: BAY2.calendarId });
const others = [eventSeen(inBay2)];
const removed = { do: 'remove-copy', event: inBay2, mirrorMap: null };

describe('row 25 · copy: a live event under the id of the mirror in another bay', () => {
  const situation = { map: aMap(), booking: bookingSeen() };

  it('is removed once the mirror was read and is where the map says', () => {
    const event = eventSeen(anEvent(), { proven: true });
    expect(verdictOn({ ...situation, event, others })).to.deep.include({ reason: 'copy', action: removed });
  });

  it('is the mirror that a person has moved where the mirror is not in its calendar any more', () => {
    const event = eventSeen(inBay2, { proven: true });
    expect(verdictOn({ ...situation, event, others })).to.have.property('reason', 'event-moved-bay');
  });

  it('is removed also under another derived id, and the mirror is read first', () => {
    const double = eventSeen(anEvent({ eventId: `${EVENT_ID}g1`, calendarId: BAY2.calendarId }));
    const observed = { ...situation, event: eventSeen(anEvent()), others: [double] };
    expect(verdictOn(observed)).to.deep.equal({ kind: 'observe', target: 'mirror' });
    const mirror = eventSeen(anEvent(), { proven: true });
    expect(verdictOn({ ...observed, mirror })).to.deep.include({
      reason: 'copy',
      action: { do: 'remove-copy', event: double.event, mirrorMap: null },
    });
  });

  it('is taken for the mirror that was moved there where the mirror is found at its place', () => {
    const observed = { ...situation, event: eventSeen(anEvent()), others };
    const moved = eventSeen(inBay2, { proven: true });
    expect(verdictOn({ ...observed, mirror: moved })).to.deep.equal({ kind: 'observe', target: 'event' });
  });

  it('stays where another account made it, or where the mirror does not bear our marks', () => {
    const event = eventSeen(anEvent(), { proven: true });
    const foreign = [eventSeen({ ...inBay2, creatorEmail: 'person@example.com' })];
    expect(verdictOn({ ...situation, event, others: foreign })).to.have.property('reason', 'in-sync');
    expect(verdictOn({ ...situation, event: eventSeen(aTombstone(), { proven: true }), others })).to.have.property(
      'reason',
      'event-deleted',
    );
  });
});

describe('row 5 · orphan: a copy of an event that no map tells of', () => {
  const copy = eventSeen(anEvent({ eventId: 'copy1', creatorEmail: 'person@example.com' }));
  const booking = bookingSeen({ status: 'dead' });

  it('leads to the event under the derived id, which is removed', () => {
    const { derived: _none, ...unread } = aSituation({ booking, event: copy });
    expect(rowOf(unread, createRules(settingsWith()))).to.deep.equal({ kind: 'observe', target: 'derived' });
    const derived = eventSeen(anEvent({ creatorEmail: ACCOUNT }), { proven: true });
    expect(verdictOn({ booking, event: copy, derived })).to.deep.include({
      reason: 'orphan',
      action: { do: 'cancel-event', event: derived.event },
    });
  });

  it('is reported where there is none under the derived id', () => {
    for (const derived of [null, eventSeen(aTombstone({ eventId: EVENT_ID }), { proven: true })]) {
      expect(verdictOn({ booking, event: copy, derived })).to.have.property('reason', 'orphan-foreign');
    }
  });
});
