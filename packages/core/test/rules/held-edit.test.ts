import { expect } from 'chai';
import { HOUR, type BookingEventMap } from '@loft/sync-core';
import { bookingSide } from '#src/rules/booking-side.js';
import { decideEdit } from '#src/rules/decide-edit.js';
import type { Verdict } from '#src/rules/decision.js';
import { createRules, type Rules } from '#src/rules/rules.js';
import { BAY1, BAY2, settingsWith } from '../engine/world.js';
import { aMap, anEdit, anEditedEvent, aSituation, bookingSeen, END, eventSeen, START } from './situations.js';

const LATER = { start: START + HOUR, end: END + HOUR };

/** A move of the event by an hour that the guard holds. */
function held(map: BookingEventMap, stored: BookingEventMap, rules: Rules): Verdict {
  const edits = [anEdit({ ...LATER, state: 'held' })];
  const event = eventSeen(anEditedEvent(LATER), { proven: true });
  const booking = bookingSeen();
  return decideEdit(
    event,
    map,
    bookingSide(booking, map, rules),
    aSituation({ map: stored, booking, event, edits }),
    rules,
  );
}

describe('row 21d · edit-held: a held edit', () => {
  const RULES = createRules(settingsWith());
  const NOTHING = { kind: 'decision', reason: 'edit-held', action: { do: 'nothing' } };

  it('changes neither side nor the map', () => {
    expect(held(aMap(), aMap(), RULES)).to.deep.include(NOTHING);
  });

  it('stores the calendar of our own interrupted move, so that the next poll finds no difference', () => {
    const moved = aMap({ etag: '"9"' });
    const stored = aMap({ googleCalendarId: BAY2.calendarId });
    expect(held(moved, stored, RULES)).to.deep.include({
      kind: 'decision',
      reason: 'edit-held',
      action: { do: 'store-map', map: moved },
    });
  });

  it('stores the present name of a renamed bay, with the rest of the agreement', () => {
    const rules = createRules(settingsWith({ bays: [{ ...BAY1, bay: 'A' }, BAY2] }));
    const map = aMap();
    expect(held(map, map, rules)).to.deep.include({
      kind: 'decision',
      reason: 'edit-held',
      action: { do: 'store-map', map: { ...map, base: { ...map.base, bay: 'A' } } },
    });
  });
});
