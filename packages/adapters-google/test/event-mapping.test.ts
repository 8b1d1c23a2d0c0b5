import { expect } from 'chai';
import fc from 'fast-check';
import { intlTimeZones } from '@loft/sync-core';
import { NO_MARKS, tombstone } from '@loft/sync-core/adapters';
import { fromGoogleEvent, toInsertBody, toPatchBody } from '#src/events/event-mapping.js';
import { formatDateTime, parseDateTime } from '#src/events/event-time.js';
import { BAY_1, DRAFT, EVENT_ID, HOUR, MARKS, START } from './helpers/simulated.js';

const ZONE = 'America/Phoenix';
const TIME_ZONES = intlTimeZones();
const STAMP = {
  private: { uscheduleAppointmentId: '700123', loftSyncManaged: 'true', bay: '1', loftSyncSource: 'USCHEDULE' },
};

describe('formatDateTime', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['2027-01-20T18:00:00.000Z', 'America/Phoenix', '2027-01-20T11:00:00-07:00'],
    ['2027-07-20T18:00:00.000Z', 'America/New_York', '2027-07-20T14:00:00-04:00'],
    ['2027-01-20T18:00:00.000Z', 'Asia/Kathmandu', '2027-01-20T23:45:00+05:45'],
    ['2027-01-20T18:00:00.250Z', 'UTC', '2027-01-20T18:00:00.250+00:00'],
    ['2027-11-07T06:30:00.000Z', 'America/New_York', '2027-11-07T01:30:00-05:00'],
    ['2027-11-07T05:30:00.000Z', 'America/New_York', '2027-11-07T01:30:00-04:00'],
    // Local mean time: an offset with seconds, which RFC 3339 cannot write.
    ['1880-01-01T00:00:00.000Z', 'Europe/Paris', '1880-01-01T00:00:00.000Z'],
  ];
  for (const [instant, zone, expected] of cases) {
    it(`writes ${instant} in ${zone}`, () => {
      expect(formatDateTime(Date.parse(instant), zone, TIME_ZONES)).to.equal(expected);
    });
  }

  it('is parsed to the same instant, in any zone', () => {
    const zones = ['America/Phoenix', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC'];
    const instants = fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2100, 0, 1) });
    fc.assert(
      fc.property(instants, fc.constantFrom(...zones), (instant, zone) => {
        expect(parseDateTime(formatDateTime(instant, zone, TIME_ZONES), 'Asia/Tokyo', TIME_ZONES)).to.equal(instant);
      }),
    );
  });
});

describe('parseDateTime', () => {
  const same = Date.UTC(2027, 0, 20, 18);
  for (const text of [
    '2027-01-20T18:00:00Z',
    '2027-01-20T18:00:00.000Z',
    '2027-01-20T11:00:00-07:00',
    '2027-01-20T23:45:00+05:45',
    '2027-01-20T11:00:00',
  ]) {
    it(`reads ${text}`, () => {
      expect(parseDateTime(text, ZONE, TIME_ZONES)).to.equal(same);
    });
  }

  for (const text of ['', 'tomorrow', '2027-01-20', '2027-13-40T00:00:00Z', 'Z']) {
    it(`reads nothing in ${JSON.stringify(text)}`, () => {
      expect(parseDateTime(text, ZONE, TIME_ZONES)).to.equal(null);
    });
  }
});

describe('toInsertBody', () => {
  it('has the fields and properties of docs/decision-table.md#echoes-and-loops', () => {
    expect(toInsertBody(EVENT_ID, DRAFT, ZONE)).to.deep.equal({
      id: EVENT_ID,
      summary: 'Ann Example',
      description: 'Two players',
      start: { dateTime: '2027-01-20T11:00:00-07:00', timeZone: ZONE },
      end: { dateTime: '2027-01-20T12:00:00-07:00', timeZone: ZONE },
      transparency: 'opaque',
      extendedProperties: STAMP,
    });
  });

  it('cuts text that is too long, and drops invalid characters', () => {
    const title = `\u0007${'a'.repeat(2000)}`;
    const description = `line\r\nline\ttab\ud800${'\u{1f3cc}'.repeat(9000)}`;
    const body = toInsertBody(EVENT_ID, { ...DRAFT, title, description }, ZONE);
    expect(body.summary).to.equal(`${'a'.repeat(1023)}…`);
    expect(body.description?.length).to.be.at.most(8192);
    expect(body.description).to.match(/^line\nline\ttab\u{1f3cc}+…$/u);
  });
});

describe('toPatchBody', () => {
  it('contains only the stamp if there is nothing else to write', () => {
    expect(toPatchBody(MARKS, ZONE)).to.deep.equal({ extendedProperties: STAMP });
  });

  it('contains only the given fields', () => {
    expect(toPatchBody({ ...MARKS, title: 'New' }, ZONE)).to.deep.equal({ summary: 'New', extendedProperties: STAMP });
    expect(toPatchBody({ ...MARKS, description: '' }, ZONE)).to.deep.equal({
      description: '',
      extendedProperties: STAMP,
    });
    expect(toPatchBody({ ...MARKS, free: true }, ZONE)).to.deep.equal({
      transparency: 'transparent',
      extendedProperties: STAMP,
    });
    expect(toPatchBody({ ...MARKS, revive: true }, ZONE)).to.deep.equal({
      status: 'confirmed',
      extendedProperties: STAMP,
    });
    expect(toPatchBody({ ...MARKS, single: true }, ZONE)).to.deep.equal({
      recurrence: null,
      extendedProperties: STAMP,
    });
  });

  it('removes the date if it sets a time', () => {
    expect(toPatchBody({ ...MARKS, end: START + HOUR }, ZONE)).to.deep.equal({
      end: { dateTime: '2027-01-20T12:00:00-07:00', timeZone: ZONE, date: null },
      extendedProperties: STAMP,
    });
  });
});

describe('fromGoogleEvent', () => {
  const google = {
    ...toInsertBody(EVENT_ID, DRAFT, ZONE),
    etag: '"1"',
    status: 'confirmed',
    created: '2027-01-18T00:00:00.000Z',
    updated: '2027-01-19T00:00:00.123Z',
    creator: { email: 'sync-bot@example.iam.gserviceaccount.com' },
    eventType: 'default',
    htmlLink: 'https://www.google.com/calendar/event?eid=eA',
  };
  const event = {
    calendarId: BAY_1,
    eventId: EVENT_ID,
    etag: '"1"',
    createdAt: Date.UTC(2027, 0, 18),
    updatedAt: Date.UTC(2027, 0, 19, 0, 0, 0, 123),
    state: 'live',
    shape: 'timed',
    start: START,
    end: START + HOUR,
    startOffsetMinutes: -420,
    title: 'Ann Example',
    description: 'Two players',
    free: false,
    eventType: 'default',
    creatorEmail: 'sync-bot@example.iam.gserviceaccount.com',
    creatorSelf: false,
    htmlLink: 'https://www.google.com/calendar/event?eid=eA',
    marks: { ...NO_MARKS, appointmentId: '700123', managed: true, bay: '1' },
  };

  it('reads back what was written', () => {
    expect(fromGoogleEvent(google, BAY_1, ZONE)).to.deep.equal(event);
  });

  it('reads the id of the write and the digests of the texts', () => {
    const draft = { ...DRAFT, write: 'w-1', titleDigest: 't-1', descriptionDigest: 'd-1' };
    const { private: properties } = toInsertBody(EVENT_ID, draft, ZONE).extendedProperties ?? {};
    expect(properties).to.deep.equal({
      ...STAMP.private,
      loftSyncWrite: 'w-1',
      loftSyncTitle: 't-1',
      loftSyncDescription: 'd-1',
    });
    const read = fromGoogleEvent({ ...google, extendedProperties: { private: properties } }, BAY_1, ZONE);
    expect(read?.marks).to.include({ write: 'w-1', titleDigest: 't-1', descriptionDigest: 'd-1' });
  });

  it('distinguishes the calendar as creator from our account, and special event types from ordinary events', () => {
    const creator = { email: BAY_1, self: true };
    expect(fromGoogleEvent({ ...google, creator, eventType: 'focusTime' }, BAY_1, ZONE)).to.include({
      creatorEmail: BAY_1,
      creatorSelf: true,
      eventType: 'focusTime',
    });
  });

  it('reads the offset in which Google writes the start', () => {
    const at = (dateTime: string) =>
      fromGoogleEvent({ ...google, start: { dateTime } }, BAY_1, ZONE)?.startOffsetMinutes;
    expect(at('2027-01-20T11:00:00-07:00')).to.equal(-420);
    expect(at('2027-01-20T23:45:00+05:45')).to.equal(345);
    expect(at('2027-01-20T18:00:00Z')).to.equal(0);
    expect(at('2027-01-20T11:00:00')).to.equal(null);
  });

  it('reads tentative as live, and cancelled as deleted', () => {
    expect(fromGoogleEvent({ ...google, status: 'tentative' }, BAY_1, ZONE)).to.deep.equal(event);
    expect(fromGoogleEvent({ ...google, status: 'cancelled' }, BAY_1, ZONE)).to.deep.equal({ ...event, state: 'gone' });
  });

  it('reads a tombstone with an id only', () => {
    expect(fromGoogleEvent({ id: EVENT_ID, status: 'cancelled' }, BAY_1, ZONE)).to.deep.equal(
      tombstone({ calendarId: BAY_1, eventId: EVENT_ID }),
    );
  });

  it('distinguishes a recurring event and its instances from a single event', () => {
    const series = { shape: 'recurring', start: null, end: null };
    for (const fields of [{ recurrence: ['RRULE:FREQ=WEEKLY'] }, { recurringEventId: 'loft0000000' }]) {
      expect(fromGoogleEvent({ ...google, ...fields }, BAY_1, ZONE)).to.include(series);
    }
    expect(fromGoogleEvent({ ...google, recurrence: [] }, BAY_1, ZONE)).to.include({ shape: 'timed' });
  });

  it('recognizes an all-day event', () => {
    const day = { start: { date: '2027-01-20' }, end: { date: '2027-01-21' } };
    expect(fromGoogleEvent({ ...google, ...day }, BAY_1, ZONE)).to.include({
      shape: 'all-day',
      start: null,
      end: null,
    });
  });

  it('reads wall time in the event’s own zone, or else in the studio’s', () => {
    const at = (timeZone: string) =>
      fromGoogleEvent({ ...google, start: { dateTime: '2027-01-20T12:00:00', timeZone } }, BAY_1, ZONE);
    expect(at('America/New_York')?.start).to.equal(Date.UTC(2027, 0, 20, 17));
    expect(at('Mars/Olympus')?.start).to.equal(Date.UTC(2027, 0, 20, 19));
  });

  it('accepts only "true" as managed', () => {
    const marks = { private: { ...STAMP.private, loftSyncManaged: 'false', bay: '', uscheduleAppointmentId: '' } };
    const read = fromGoogleEvent({ ...google, extendedProperties: marks }, BAY_1, ZONE);
    expect(read?.marks).to.deep.equal(NO_MARKS);
  });

  it('reads an event or nothing from any JSON, and does not throw', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom(...Object.keys(google)), fc.jsonValue()),
        (any, fields) => {
          fromGoogleEvent(any, BAY_1, ZONE);
          const read = fromGoogleEvent({ ...google, ...fields, id: EVENT_ID }, BAY_1, ZONE);
          expect(read?.eventId).to.equal(EVENT_ID);
        },
      ),
    );
  });
});
