import { expect } from 'chai';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import type { Decision } from '#src/rules/decision.js';
import { eventAttention } from '#src/rules/needs-attention.js';
import { createRules } from '#src/rules/rules.js';
import type { Existence, MarkedFor } from '#src/rules/situation.js';
import { settingsWith } from '../engine/world.js';
import {
  aMap,
  anEvent,
  bookingSeen,
  END,
  eventSeen,
  FOREIGN_UNIT,
  HISTORY,
  ID,
  NOW,
  START,
  verdictOn,
} from './situations.js';

const OTHER = '700999';
const event = anEvent({ etag: '"2"', marks: { ...NO_MARKS, appointmentId: OTHER, managed: true, bay: '1' } });
const dead = bookingSeen({ status: 'dead' });

function markedFor(existence: Existence, map: MarkedFor['map'] = null): { readonly markedFor: MarkedFor } {
  return { markedFor: { appointmentId: OTHER, map, existence } };
}

function actionOn(change: Parameters<typeof verdictOn>[0]): Decision['action'] {
  return (verdictOn({ event: eventSeen(event), ...change }) as Decision).action;
}

describe('an event whose properties name another appointment than its map', () => {
  it('is cancelled with this booking only if the other was read and is dead too', () => {
    const situation = { map: aMap(), booking: dead };
    expect(verdictOn({ ...situation, event: eventSeen(event) })).to.deep.equal({
      kind: 'observe',
      target: 'marked-for',
    });
    expect(actionOn({ ...situation, ...markedFor('gone') })).to.deep.equal({ do: 'cancel-event', event });
    for (const existence of ['exists', 'unclear'] as const) {
      expect(actionOn({ ...situation, ...markedFor(existence) })).to.have.nested.include({
        do: 'store-map',
        'map.supersededBy': OTHER,
      });
    }
  });

  it('is cancelled with this booking if the other is its earlier id, although an outdated answer shows that one', () => {
    const situation = { map: aMap(), booking: dead };
    const intent = { kind: 'reschedule', start: START, end: END, bay: '1', since: NOW, triedAt: NOW } as const;
    const handingOver = aMap({ uscheduleAppointmentId: OTHER, intent: { ...intent, successor: ID } });
    const superseded = aMap({ uscheduleAppointmentId: OTHER, status: 'CANCELED', supersededBy: ID });
    for (const theirs of [handingOver, superseded]) {
      expect(actionOn({ ...situation, ...markedFor('exists', theirs) })).to.deep.equal({ do: 'cancel-event', event });
    }
    const toAnother = aMap({ uscheduleAppointmentId: OTHER, intent: { ...intent, successor: '700555' } });
    expect(actionOn({ ...situation, ...markedFor('exists', toAnother) })).to.have.property('do', 'store-map');
  });

  it('is left to the other booking if this one is only assumed to be live, and does not exist', () => {
    const map = aMap();
    const theirs = aMap({ uscheduleAppointmentId: OTHER });
    const situation = { map, booking: bookingSeen() };
    const own = (existence: Existence) => ({ markedFor: { ...markedFor('exists').markedFor, own: existence } });
    expect(actionOn({ ...situation, ...own('gone') })).to.have.nested.include({
      do: 'store-map',
      'map.supersededBy': OTHER,
    });
    expect(actionOn({ ...situation, ...own('exists') })).to.include({ do: 'create-event' });
    expect(actionOn({ ...situation, ...markedFor('exists', theirs) })).to.include({ do: 'create-event' });
  });

  it('requires, with a hidden booking status, to observe whether this booking exists before it gets a new event', () => {
    const situation = { map: aMap(), booking: bookingSeen(), event: eventSeen(event) };
    const verdict = (existence: Existence, change: Parameters<typeof verdictOn>[0] = {}) =>
      verdictOn({ ...situation, ...markedFor(existence), ...change }, { uschedule: { status: 'blind' } });
    expect(verdict('exists')).to.deep.equal({ kind: 'observe', target: 'own-existence' });
    const own = { markedFor: { ...markedFor('exists').markedFor, own: 'unclear' as const } };
    expect(verdict('exists', own)).to.have.nested.include({ 'action.do': 'create-event' });
    for (const existence of ['gone', 'unclear'] as const)
      expect(verdict(existence)).to.have.property('kind', 'decision');
    for (const booking of [dead, bookingSeen({ status: 'unknown' })])
      expect(verdict('exists', { booking })).to.have.property('kind', 'decision');
    expect(verdictOn({ ...situation, ...markedFor('exists') })).to.have.property('kind', 'decision');
  });

  it('stays in place if this booking moved to a unit without a bay, unless the other is dead', () => {
    const situation = { map: aMap(), booking: bookingSeen({ resourceUnitId: FOREIGN_UNIT }) };
    expect(actionOn({ ...situation, ...markedFor('exists') })).to.have.nested.include({
      do: 'store-map',
      'map.status': 'CANCELED',
      'map.base.bay': null,
    });
    expect(actionOn({ ...situation, ...markedFor('gone') })).to.deep.equal({ do: 'cancel-event', event });
  });

  it('is cancelled again for a dead booking with a canceled map only if the other was read, is dead and had transferred it', () => {
    const situation = { map: aMap({ status: 'CANCELED' }), booking: dead };
    const handedOver = aMap({ uscheduleAppointmentId: OTHER, status: 'CANCELED', supersededBy: ID });
    expect(verdictOn({ ...situation, event: eventSeen(event) })).to.deep.equal({
      kind: 'observe',
      target: 'marked-for',
    });
    expect(actionOn({ ...situation, ...markedFor('gone', handedOver) })).to.deep.equal({ do: 'cancel-event', event });
    for (const other of [markedFor('exists', handedOver), markedFor('unclear', handedOver), markedFor('gone')]) {
      expect(verdictOn({ ...situation, event: eventSeen(event), ...other })).to.include({ reason: 'in-sync' });
    }
  });

  it('is not used for a revived booking, which gets a new event', () => {
    const map = aMap({ status: 'CANCELED' });
    expect(actionOn({ map, booking: bookingSeen() })).to.include({ do: 'create-event' });
  });

  it('causes an observation of the other appointment if this one is canceled', () => {
    const rules = createRules(settingsWith());
    const time = { now: NOW, historyBefore: HISTORY };
    expect(eventAttention(event, aMap({ status: 'CANCELED' }), time, rules)).to.equal(OTHER);
    expect(eventAttention(event, aMap(), time, rules)).to.equal(aMap().uscheduleAppointmentId);
  });

  it('causes an observation of the new appointment id if the named map was transferred', () => {
    const rules = createRules(settingsWith());
    const time = { now: NOW, historyBefore: HISTORY };
    const handedOver = aMap({ uscheduleAppointmentId: OTHER, status: 'CANCELED', supersededBy: ID });
    expect(eventAttention(event, handedOver, time, rules)).to.equal(OTHER);
    const mark = { ...event, title: 'CANCELED: Ana R.', free: true };
    expect(eventAttention(mark, handedOver, time, rules)).to.equal(null);
  });
});
