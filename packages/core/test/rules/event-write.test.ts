import { expect } from 'chai';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { type CalendarEvent, HOUR } from '@loft/sync-core';
import { fullWrite, mirrorWrite, type Target } from '#src/rules/event-write.js';
import { textDigest } from '#src/rules/event-marks.js';
import { BAY1, BAY2 } from '../engine/world.js';
import { aMap, anEditedEvent, anEvent, END, EVENT_ID, START } from './situations.js';

const BASE = { start: START, end: END, bay: '1', title: 'Ana R.', description: 'Two players' };
const LATER = { start: START + HOUR, end: END + HOUR };

function onBay1(change: Partial<Target['base']> = {}): Target {
  return { bay: BAY1, base: { ...BASE, ...change } };
}

/** The event with these texts as our latest write. */
function marked(event: CalendarEvent, title: string, description: string): CalendarEvent {
  const digests = { titleDigest: textDigest(title), descriptionDigest: textDigest(description) };
  return { ...event, marks: { ...event.marks, ...digests } };
}

describe('the write of a mirror', () => {
  it('is not needed if the event shows the booking', () => {
    expect(mirrorWrite(aMap(), null, onBay1())).to.equal(null);
    expect(mirrorWrite(aMap(), anEvent(), onBay1())).to.equal(null);
    expect(mirrorWrite(aMap(), anEditedEvent({ title: 'A title of their own' }), onBay1())).to.equal(null);
  });

  it('sets the whole time if any part of it differs', () => {
    expect(mirrorWrite(aMap(), null, onBay1(LATER))).to.deep.equal({
      calendarId: BAY1.calendarId,
      eventId: EVENT_ID,
      moveTo: null,
      fields: LATER,
      ifMatch: '"1"',
      assumed: { start: START, end: END },
      base: { ...BASE, ...LATER },
    });
    expect(mirrorWrite(aMap(), null, onBay1({ start: START - HOUR }))?.fields).to.deep.equal({
      start: START - HOUR,
      end: END,
    });
    expect(mirrorWrite(aMap(), null, onBay1({ end: END + HOUR }))?.fields).to.deep.equal({
      start: START,
      end: END + HOUR,
    });
  });

  it('is based on the observed event, if there is one', () => {
    const event = anEditedEvent(LATER);
    expect(mirrorWrite(aMap(), event, onBay1(LATER))).to.equal(null);
    expect(mirrorWrite(aMap(), event, onBay1())).to.deep.equal({
      calendarId: BAY1.calendarId,
      eventId: EVENT_ID,
      moveTo: null,
      fields: { start: START, end: END },
      ifMatch: '"2"',
      assumed: LATER,
      base: BASE,
    });
    const earlier = anEditedEvent({ start: START - HOUR });
    expect(mirrorWrite(aMap(), earlier, onBay1())?.fields).to.deep.equal({ start: START, end: END });
    const longer = anEditedEvent({ end: END + HOUR });
    expect(mirrorWrite(aMap(), longer, onBay1())?.fields).to.deep.equal({ start: START, end: END });
  });

  it('restores the time of an event of another shape, and ends a series', () => {
    const allDay = anEditedEvent({ shape: 'all-day', start: null, end: null });
    expect(mirrorWrite(aMap(), allDay, onBay1())?.fields).to.deep.equal({ start: START, end: END });
    expect(mirrorWrite(aMap(), allDay, onBay1())?.assumed).to.deep.equal({ start: null, end: null });
    const series = anEditedEvent({ shape: 'recurring' });
    expect(mirrorWrite(aMap(), series, onBay1())?.fields).to.deep.equal({ start: START, end: END, single: true });
  });

  it('moves the event from its calendar to the bay of the booking', () => {
    const onBay2 = { bay: BAY2, base: { ...BASE, bay: '2' } };
    expect(mirrorWrite(aMap(), null, onBay2)).to.include({ calendarId: BAY1.calendarId, moveTo: BAY2.calendarId });
    expect(mirrorWrite(aMap(), null, onBay2)?.fields).to.deep.equal({});
    const there = anEditedEvent({ calendarId: BAY2.calendarId });
    expect(mirrorWrite(aMap(), there, onBay2)).to.equal(null);
    expect(mirrorWrite(aMap(), there, onBay1())).to.include({
      calendarId: BAY2.calendarId,
      moveTo: BAY1.calendarId,
      ifMatch: '"2"',
    });
  });

  it('writes each text only if the booking has changed it', () => {
    expect(mirrorWrite(aMap(), null, onBay1({ title: 'Bo' }))?.fields).to.deep.equal({ title: 'Bo' });
    expect(mirrorWrite(aMap(), null, onBay1({ description: 'x' }))?.fields).to.deep.equal({ description: 'x' });
    const theirs = anEditedEvent({ title: 'Theirs', description: 'Theirs' });
    expect(mirrorWrite(aMap(), theirs, onBay1({ title: 'Bo' }))?.fields).to.deep.equal({ title: 'Bo' });
  });

  it("never overwrites a user's description", () => {
    const theirs = anEditedEvent({ title: 'Theirs', description: 'Theirs' });
    expect(mirrorWrite(aMap(), theirs, onBay1({ description: 'x' }))).to.equal(null);
    const map = aMap({ flags: { ownDescription: true } });
    expect(mirrorWrite(map, null, onBay1({ title: 'Bo', description: 'x' }))?.fields).to.deep.equal({ title: 'Bo' });
  });

  it("overwrites a user's title only if titles name customers and the former title does not name this one", () => {
    const target = onBay1({ title: 'Bay 1: Ana R.' });
    const theirs = anEditedEvent({ title: 'Theirs' });
    const owned = aMap({ flags: { ownTitle: true } });
    const written = { title: 'Bay 1: Ana R.' };
    for (const customerName of ['Ana R.', ' ana  r ', 'Ana', null]) {
      expect(mirrorWrite(aMap(), theirs, target, { customerName })).to.equal(null);
      expect(mirrorWrite(owned, null, target, { customerName })).to.equal(null);
      expect(mirrorWrite(aMap(), anEvent(), target, { customerName })?.fields).to.deep.equal(written);
    }
    for (const customerName of ['Bo', 'An', 'na R.', 'Ana R. Lee', '', '!', undefined]) {
      expect(mirrorWrite(aMap(), theirs, target, { customerName })?.fields).to.deep.equal(written);
      expect(mirrorWrite(owned, null, target, { customerName })?.fields).to.deep.equal(written);
    }
  });

  it('overwrites the texts of an earlier booking, which match their digests, although the booking has not changed', () => {
    const earlier = marked(anEditedEvent({ title: 'Ann', description: 'One player' }), 'Ann', 'One player');
    const { title, description } = BASE;
    expect(mirrorWrite(aMap(), earlier, onBay1())?.fields).to.deep.equal({ title, description });
    const own = marked(anEditedEvent({ title: 'Birthday', description: 'Cake' }), 'Ann', 'One player');
    expect(mirrorWrite(aMap(), own, onBay1())).to.equal(null);
  });

  it('overwrites no title of ours with a blank one: the booking may have lacked its name since the event was made', () => {
    const named = anEvent({ title: 'Ana R.' });
    const event = { ...named, marks: { ...named.marks, titleDigest: textDigest('Ana R.') } };
    const nameless = { ...BASE, title: '' };
    const target = { bay: BAY1, base: nameless };
    expect(mirrorWrite(aMap({ base: nameless }), event, target)).to.equal(null);
    const renamed = mirrorWrite(aMap({ base: { ...BASE, title: 'Eve S.' } }), event, target);
    expect(renamed?.fields).to.deep.equal({ title: '' });
  });

  it('overwrites a description that still matches its digest', () => {
    const ours = marked(anEditedEvent({ description: 'Ours' }), 'Ana R.', 'Ours');
    expect(mirrorWrite(aMap(), ours, onBay1({ description: 'x' }))?.fields).to.deep.equal({ description: 'x' });
    const edited = marked(anEditedEvent({ description: 'Two players' }), 'Ana R.', 'Ours');
    expect(mirrorWrite(aMap(), edited, onBay1({ description: 'x' }))).to.equal(null);
  });

  it('stamps an event whose bay has a new short name', () => {
    const map = aMap({ base: { ...BASE, bay: 'one' } });
    expect(mirrorWrite(map, anEvent(), onBay1())).to.deep.include({ moveTo: null, fields: {}, stamp: true });
  });

  it('writes no text that the event already shows', () => {
    const event = marked(anEditedEvent({ title: 'Bo', description: 'x' }), 'Bo', 'x');
    expect(mirrorWrite(aMap(), event, onBay1({ title: ' Bo ', description: 'x\n' }))).to.equal(null);
    expect(mirrorWrite(aMap(), event, onBay1({ title: 'Bo', description: 'y' }))?.fields).to.deep.equal({
      description: 'y',
    });
    expect(mirrorWrite(aMap(), event, onBay1({ title: 'Cy', description: 'x' }))?.fields).to.deep.equal({
      title: 'Cy',
    });
  });
});

describe('the full write of an event', () => {
  it('is not needed if the event shows the whole booking', () => {
    expect(fullWrite(anEvent(), onBay1())).to.equal(null);
    expect(fullWrite(anEvent({ title: ' Ana  R. ' }), onBay1())).to.equal(null);
  });

  it('sets every field that differs', () => {
    const texts = { title: 'A', description: 'B' };
    const there = { calendarId: BAY2.calendarId, eventId: 'person0001', ...LATER };
    const event = marked(anEditedEvent({ ...there, ...texts }), 'A', 'B');
    expect(fullWrite(event, onBay1())).to.deep.equal({
      calendarId: BAY2.calendarId,
      eventId: 'person0001',
      moveTo: BAY1.calendarId,
      fields: { start: START, end: END, title: 'Ana R.', description: 'Two players' },
      ifMatch: '"2"',
      assumed: LATER,
      base: BASE,
    });
  });

  it('sets no field that is equal', () => {
    expect(fullWrite(anEvent(LATER), onBay1())).to.deep.include({ moveTo: null, fields: { start: START, end: END } });
    const title = marked(anEvent({ title: 'A' }), 'A', 'Two players');
    expect(fullWrite(title, onBay1())?.fields).to.deep.equal({ title: 'Ana R.' });
    const description = marked(anEvent({ description: '' }), 'Ana R.', '');
    expect(fullWrite(description, onBay1())?.fields).to.deep.equal({ description: 'Two players' });
    const elsewhere = fullWrite(anEvent({ calendarId: BAY2.calendarId }), onBay1());
    expect(elsewhere).to.deep.include({ moveTo: BAY1.calendarId, fields: {} });
  });

  it("keeps a user's text, and a text without a digest", () => {
    const texts = { title: 'Party', description: 'Cake' };
    expect(fullWrite(anEvent(texts), onBay1())).to.equal(null);
    expect(fullWrite(marked(anEvent(texts), 'Ana R.', 'Two players'), onBay1())).to.equal(null);
  });

  it('stamps an event that lacks our properties, or names another bay', () => {
    const stamped = { moveTo: null, fields: {}, stamp: true };
    expect(fullWrite(anEvent({ marks: NO_MARKS }), onBay1())).to.deep.include(stamped);
    expect(fullWrite(anEvent({ marks: { ...anEvent().marks, bay: '2' } }), onBay1())).to.deep.include(stamped);
    expect(fullWrite(anEvent({ marks: { ...anEvent().marks, bay: null } }), onBay1())).to.equal(null);
  });

  it('removes the mark of a cancellation', () => {
    const mark = anEvent({ title: 'CANCELED: Ana R.', free: true });
    expect(fullWrite(mark, onBay1())?.fields).to.deep.equal({ title: 'Ana R.', free: false });
    expect(fullWrite(anEvent({ free: true }), onBay1())).to.equal(null);
  });
});
