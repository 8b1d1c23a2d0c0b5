import { expect } from 'chai';
import { Err, HOUR, MINUTE } from '@loft/sync-core';
import { NO_MARKS } from '#src/domain/calendar-event.js';
import { searchInClosed } from '#src/engine/observe/event-reader.js';
import { aMap, anEvent, aTombstone, eventSeen, NOW, SEEN } from '../rules/situations.js';
import { failure, plain } from './act-bench.js';
import { CLOSED, FAILS, ObserveBench, OTHER, STORE_FAILS, type Given } from './observe-bench.js';

describe('the search of a mirror in calendars that no bay has any more', () => {
  const CLOSED_AT = NOW - HOUR;
  const deleted = eventSeen(aTombstone({ updatedAt: CLOSED_AT + 2 * MINUTE }), { proven: true });
  const there = anEvent({ calendarId: 'second' });

  async function found(given: Given, map = aMap(), reading = deleted, closedAt = `\t${CLOSED_AT}`) {
    const bench = new ObserveBench(given);
    const syncToken = [CLOSED, 'second'].map((calendarId) => `${calendarId}${closedAt}`).join('\n');
    const state = { feed: 'calendars', syncToken, tokenParameters: null, stopped: null, resumed: false };
    await bench.act.store.putFeedState({ ...state, savedAt: 0 });
    return plain(await searchInClosed(reading, SEEN, map, bench.parts));
  }

  it('finds it with the marks of the appointment, or without marks', async () => {
    for (const event of [there, { ...there, marks: NO_MARKS }]) {
      expect(await found({ events: [event] }))
        .to.have.nested.property('ok')
        .deep.include({ event, proven: true });
    }
    for (const event of [
      { ...there, marks: { ...there.marks, appointmentId: OTHER } },
      { ...there, title: 'CANCELED: Ana R.', free: true },
      { ...there, state: 'gone' as const },
    ]) {
      expect(await found({ events: [event] })).to.deep.equal({ ok: deleted });
    }
  });

  it('skips calendars that do not exist or are not shared, and that of the map', async () => {
    for (const kind of ['not-found', 'gone', 'forbidden'] as const) {
      expect(await found({ events: [there], errors: { [CLOSED]: failure('google', kind) } })).to.have.nested.property(
        'ok.event',
        there,
      );
    }
    expect(await found({ events: [there] }, aMap({ googleCalendarId: 'second' }))).to.deep.equal({ ok: deleted });
  });

  it('proves no deletion of a time at which a calendar belonged to a bay that cannot be read now', async () => {
    const isUnsearched = async (
      updatedAt: number | null,
      kind: 'not-found' | 'forbidden' | null,
      closedAt?: string,
    ): Promise<boolean> => {
      const reading = eventSeen(aTombstone({ updatedAt }), { proven: true });
      const errors = kind ? { [CLOSED]: failure('google', kind) } : {};
      const searched = await found({ errors }, aMap(), reading, closedAt);
      expect(searched).to.have.nested.property('ok.event', reading.event);
      return 'ok' in searched && searched.ok.unsearched === true;
    };
    for (const kind of ['not-found', 'forbidden'] as const) {
      expect(await isUnsearched(CLOSED_AT, kind)).to.equal(true);
      expect(await isUnsearched(CLOSED_AT + MINUTE, kind)).to.equal(true);
      expect(await isUnsearched(CLOSED_AT + MINUTE + 1, kind)).to.equal(false);
      expect(await isUnsearched(null, kind, `\t${SEEN - 11 * MINUTE}`)).to.equal(true);
      expect(await isUnsearched(null, kind, `\t${SEEN - 11 * MINUTE - 1}`)).to.equal(false);
      expect(await isUnsearched(SEEN, kind, '')).to.equal(true);
    }
    expect(await isUnsearched(CLOSED_AT, null)).to.equal(false);
  });

  it('fails with a transient fault, which proves nothing', async () => {
    for (const updatedAt of [CLOSED_AT, SEEN]) {
      const reading = eventSeen(aTombstone({ updatedAt }));
      const read = await found({ events: [there], errors: { [CLOSED]: FAILS } }, aMap(), reading);
      expect(read).to.deep.equal({ error: FAILS });
    }
    expect(await found({ store: { getFeedState: async () => Err(STORE_FAILS) } })).to.deep.equal({
      error: STORE_FAILS,
    });
  });
});
