import { expect } from 'chai';
import { Err, HOUR, MemoryStore, type SyncError } from '@loft/sync-core';
import { createEvent } from '#src/engine/act/event-writer.js';
import type { EngineParts } from '#src/engine/engine-parts.js';
import { MarkedEvents } from '#src/engine/observe/removals.js';
import { BAY1 } from './world.js';

const LOST: SyncError = { kind: 'conflict', system: 'store', method: 'lease', message: 'the lease ran out' };
const NOT_FOUND: SyncError = { kind: 'not-found', system: 'google', method: 'getEvent', message: 'not found' };

describe('an insert whose lease is lost before it is sent', () => {
  it('ends at once: the event id is not taken, so no other id is tried', async () => {
    const ids: string[] = [];
    const calendars = {
      insertEvent: async (_calendarId: string, eventId: string) => {
        ids.push(eventId);
        return Err(LOST);
      },
      getEvent: async () => Err(NOT_FOUND),
      listEvents: async () => Err(NOT_FOUND),
    };
    const parts = { calendars, store: new MemoryStore(), markedEvents: new MarkedEvents() } as unknown as EngineParts;
    const base = { start: HOUR, end: 2 * HOUR, title: 'Ana R.', description: '', bay: BAY1.bay };
    const created = await createEvent({ appointmentId: '700100', createdAt: 0, isFirst: true }, BAY1, base, parts);
    expect(created.err && created.val).to.deep.equal(LOST);
    expect(ids).to.deep.equal(['loft700100']);
  });
});
