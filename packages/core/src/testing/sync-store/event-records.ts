import type { CopyRecord, EditRecord } from '../../domain/event-record.js';
import { assertEqual, assertOk } from '../assert.js';
import { handles, type SyncStoreSuiteContext } from './context.js';
import { AWKWARD_TEXT, NOW } from './fixtures.js';

function newEdit(appointmentId: string, fields: Partial<EditRecord> = {}): EditRecord {
  return {
    kind: 'edit',
    id: appointmentId,
    appointmentId,
    at: NOW,
    bay: '1',
    change: 'moved',
    start: NOW + 1,
    end: NOW + 2,
    toBay: '2',
    base: { start: NOW + 3, end: NOW + 4, bay: '1' },
    customerName: AWKWARD_TEXT,
    state: 'seen',
    putBacks: 0,
    putBackAt: null,
    waitsFor: null,
    ...fields,
  };
}

function newCopy(eventId: string, appointmentId: string): CopyRecord {
  return {
    kind: 'copy',
    id: `bay-1 ${eventId}`,
    appointmentId,
    at: NOW,
    calendarId: 'bay-1',
    eventId,
    start: NOW,
    end: null,
    title: AWKWARD_TEXT,
    description: '',
    creatorEmail: null,
    createdAt: NOW - 1,
  };
}

/** Records of events: replaced by kind and id, listed by kind and appointment. */
export function eventRecordSuite({ describe, it, factory }: SyncStoreSuiteContext): void {
  describe('the records of events', () => {
    it('keeps records whole, and lists them by kind and id', async (store) => {
      const second = newEdit('2', { putBackAt: NOW, waitsFor: '1', putBacks: 3 });
      const copy = newCopy('e1', '1');
      assertOk(await store.putEventRecords([]));
      assertOk(await store.putEventRecords([second, newEdit('1'), copy]));
      assertEqual(assertOk(await store.listEventRecords({ kind: 'edit' })), [newEdit('1'), second], 'the edits');
      assertEqual(assertOk(await store.listEventRecords({ kind: 'copy' })), [copy], 'the copies');
    });

    it('lists the records of one appointment', async (store) => {
      assertOk(await store.putEventRecords([newCopy('e1', '1'), newCopy('e2', '1'), newCopy('e3', '2'), newEdit('1')]));
      const copies = assertOk(await store.listEventRecords({ kind: 'copy', appointmentId: '1' }));
      assertEqual(
        copies.map(({ id }) => id),
        ['bay-1 e1', 'bay-1 e2'],
        'the copies of the appointment',
      );
      assertEqual(assertOk(await store.listEventRecords({ kind: 'edit', appointmentId: '2' })), [], 'no edits');
    });

    it('replaces a record of the same kind and id, from every replica', async (store) => {
      const [one, other] = await handles(store, factory);
      assertOk(await one.putEventRecords([newEdit('1')]));
      assertOk(await other.putEventRecords([newEdit('1', { state: 'held' })]));
      assertEqual(
        assertOk(await one.listEventRecords({ kind: 'edit' })),
        [newEdit('1', { state: 'held' })],
        'the edit',
      );
    });

    it('removes records by kind and id', async (store) => {
      assertOk(await store.putEventRecords([newEdit('1'), newEdit('2')]));
      assertOk(await store.deleteEventRecords([]));
      assertOk(
        await store.deleteEventRecords([
          { kind: 'edit', id: '1' },
          { kind: 'copy', id: '2' },
        ]),
      );
      assertEqual(assertOk(await store.listEventRecords({ kind: 'edit' })), [newEdit('2')], 'what is left');
    });
  });
}
