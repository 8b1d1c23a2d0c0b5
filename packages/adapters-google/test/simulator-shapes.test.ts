import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { GoogleSimulator } from '#src/simulator/index.js';
import { adapter, BAY_2, closeAll, googleClient, HOUR, simulate, START } from './helpers/simulated.js';

/** Answers in the shapes in which Google's are recorded (docs/google-calendar.md). */
const SAMPLES = JSON.parse(
  await readFile(new URL('../../../docs/google-samples.json', import.meta.url), 'utf8'),
) as Record<string, Record<string, unknown>> & { errors: Record<string, { error: SampleError }> };

/** The parts of an answer that the tests compare. */
interface Answer {
  readonly etag: string;
  readonly created: string;
  readonly updated: string;
  readonly timeZone: string;
  readonly start: { readonly dateTime: string };
  readonly extendedProperties: { readonly private: Record<string, string> };
  readonly creator: { readonly self?: boolean };
  readonly items: readonly Answer[];
  readonly nextSyncToken: string;
  readonly error: SampleError;
  readonly [field: string]: unknown;
}

type Get = (path: string) => Promise<Answer>;

interface SampleError {
  readonly code: number;
  readonly message: string;
  readonly errors: readonly { readonly domain: string; readonly reason: string }[];
}

const BAY = 'bay-1@group.calendar.google.com';
const BOT = 'sync-bot@example.iam.gserviceaccount.com';
const MARKS = { appointmentId: '700123', bay: '1' };

/** Names of fields at every depth, with the type of each value. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, content]) => [name, shapeOf(content)]),
  );
}

async function studio(): Promise<{ simulator: GoogleSimulator; get: Get }> {
  const simulator = await simulate({
    calendars: [{ id: BAY, summary: 'Bay 1' }],
    timeZone: 'America/Phoenix',
    clientEmail: BOT,
  });
  const headers = { authorization: `Bearer ${simulator.issueAccessToken()}` };
  const get: Get = async (path) => {
    const answer = await fetch(`${simulator.rootUrl}/calendar/v3/calendars/${BAY}/events${path}`, { headers });
    return (await answer.json()) as Answer;
  };
  return { simulator, get };
}

async function withMirror() {
  const { simulator, get } = await studio();
  const draft = { start: START, end: START + HOUR, title: 'Pat D.', description: '', free: false, ...MARKS };
  await adapter(simulator).insertEvent(BAY, 'loft700123', draft);
  return { simulator, get };
}

describe('The simulator returns the recorded shape of', () => {
  afterEach(closeAll);

  it('an event of ours', async () => {
    const { get } = await withMirror();
    const event = await get('/loft700123');
    const sample = SAMPLES['event'] as unknown as Answer;
    // The sample is of an account that is the calendar itself.
    const { self: _, ...creator } = sample.creator;
    const properties = { private: { ...sample.extendedProperties.private, loftSyncSource: 'USCHEDULE' } };
    expect(shapeOf(event)).to.deep.equal(shapeOf({ ...sample, creator, extendedProperties: properties }));
    expect(event.etag).to.match(/^"\d{16}"$/);
    expect(event.created).to.match(/\.000Z$/);
    expect(event.start).to.deep.equal({ dateTime: '2027-01-20T11:00:00-07:00', timeZone: 'America/Phoenix' });
    expect(event.creator).to.deep.equal({ email: BOT });
    expect(event['organizer']).to.deep.equal({ email: BAY, displayName: 'Bay 1', self: true });
    expect(event['htmlLink']).to.match(/^https:\/\/www\.google\.com\/calendar\/event\?eid=[\w-]+$/);
    expect(event['sequence']).to.equal(0);
  });

  it('a user’s all-day event that is shown as free', async () => {
    const { simulator, get } = await studio();
    const times = { start: { date: '2026-12-10' }, end: { date: '2026-12-11' } };
    const rest = { summary: 'Cleaning', transparency: 'transparent', reminders: { useDefault: false } };
    const id = simulator.person.addEvent(BAY, { ...times, ...rest });
    const event = await get(`/${id}`);
    expect(shapeOf(event)).to.deep.equal(shapeOf(SAMPLES['event of another person, all day']));
    expect(event.start).to.deep.equal({ date: '2026-12-10' });
  });

  it('a deleted event, with all its fields and a higher sequence', async () => {
    const { simulator, get } = await withMirror();
    const before = await get('/loft700123');
    simulator.person.deleteEvent(BAY, 'loft700123');
    const { etag, updated, ...event } = await get('/loft700123');
    expect(event).to.deep.include({ status: 'cancelled', sequence: 1, summary: 'Pat D.', start: before.start });
    expect(event.extendedProperties).to.deep.equal(before.extendedProperties);
    expect([etag > before.etag, updated >= before.updated]).to.deep.equal([true, true]);
  });

  it('a deleted event with its id alone, with the option `minimal`', async () => {
    const simulator = await simulate({ tombstones: 'minimal' });
    const id = simulator.person.createEvent(BAY_2, { start: START, end: START + HOUR });
    simulator.person.deleteEvent(BAY_2, id);
    const { events } = googleClient(simulator);
    const { data } = await events.get({ calendarId: BAY_2, eventId: id });
    expect(shapeOf(data)).to.deep.equal(shapeOf(SAMPLES['tombstone, minimal']));
  });

  it('the last page of a list', async () => {
    const { get } = await withMirror();
    const list = await get('');
    expect(shapeOf(list)).to.deep.equal(shapeOf(SAMPLES['list, last page']));
    expect(list).to.include({ summary: 'Bay 1', timeZone: 'America/Phoenix', accessRole: 'writer' });
    expect(list.updated).to.equal(list.items[0]?.updated);
  });

  it('the type of an event, which cannot be changed', async () => {
    const { simulator } = await studio();
    const times = { start: { dateTime: '2027-01-20T18:00:00Z' }, end: { dateTime: '2027-01-20T19:00:00Z' } };
    const id = simulator.person.addEvent(BAY, { ...times, eventType: 'focusTime' });
    expect(simulator.event(BAY, id)?.eventType).to.equal('focusTime');
    const { events } = googleClient(simulator);
    const at = { calendarId: BAY, eventId: id };
    expect((await events.patch({ ...at, requestBody: { summary: 'Still' } })).data.eventType).to.equal('focusTime');
    const change = await events
      .patch({ ...at, requestBody: { eventType: 'default' } })
      .catch((error: unknown) => error);
    expect(change).to.include({ status: 400 });
  });

  it('a tentative event, and of an opaque event without transparency', async () => {
    const { simulator, get } = await withMirror();
    simulator.person.editEvent(BAY, 'loft700123', { status: 'tentative', transparency: 'transparent' });
    expect(await get('/loft700123')).to.include({ status: 'tentative', transparency: 'transparent' });
    simulator.person.editEvent(BAY, 'loft700123', { transparency: 'opaque' });
    expect(await get('/loft700123'))
      .to.include({ status: 'tentative' })
      .and.not.have.property('transparency');
  });

  it('times in the zone that a read asks for', async () => {
    const { get } = await withMirror();
    expect((await get('/loft700123?timeZone=Asia/Kathmandu')).start.dateTime).to.equal('2027-01-20T23:45:00+05:45');
    const list = await get('?timeZone=Asia/Kathmandu');
    expect([list.timeZone, list.items[0]?.start.dateTime]).to.deep.equal([
      'Asia/Kathmandu',
      '2027-01-20T23:45:00+05:45',
    ]);
    expect((await get('?timeZone=Mars/Olympus')).error.code).to.equal(400);
  });

  it('times in the offset of other zone data, if it gets some', async () => {
    const simulator = await simulate({ timeZone: 'America/Vancouver', zoneOffset: () => -420 });
    const id = simulator.person.createEvent(BAY_2, { start: START, end: START + HOUR });
    expect(simulator.event(BAY_2, id)?.start?.dateTime).to.equal('2027-01-20T11:00:00-07:00');
  });

  const errors: Readonly<Record<string, (simulator: GoogleSimulator, get: Get) => Promise<unknown>>> = {
    'token dead': async (simulator, get) => {
      const { nextSyncToken } = await get('');
      simulator.expireSyncTokens();
      return get(`?syncToken=${nextSyncToken}`);
    },
    rate: async (simulator, get) => {
      simulator.setQuota({ perMinute: 0, status: 403 });
      return get('');
    },
    'calendar read only': async (simulator) => {
      simulator.shareCalendar(BAY, 'reader');
      return refused(googleClient(simulator).events.delete({ calendarId: BAY, eventId: 'loft700123' }));
    },
    'gone already': async (simulator) => {
      simulator.person.deleteEvent(BAY, 'loft700123');
      return refused(googleClient(simulator).events.delete({ calendarId: BAY, eventId: 'loft700123' }));
    },
    'id taken': async (simulator) => {
      const times = { start: { date: '2027-01-20' }, end: { date: '2027-01-21' } };
      const requestBody = { id: 'loft700123', ...times };
      return refused(googleClient(simulator).events.insert({ calendarId: BAY, requestBody }));
    },
    etag: async (simulator) => {
      const at = { calendarId: BAY, eventId: 'loft700123' };
      return refused(googleClient(simulator).events.delete(at, { headers: { 'if-match': '"1"' } }));
    },
    credentials: async (simulator) => {
      const url = `${simulator.rootUrl}/calendar/v3/calendars/${BAY}/events`;
      return (await fetch(url, { headers: { authorization: 'Bearer made-up' } })).json();
    },
    'one event': async (simulator, get) => {
      const {
        code,
        message,
        errors: [first],
      } = (SAMPLES.errors['one event'] as { error: SampleError }).error;
      const reason = first?.reason ?? '';
      simulator.addFault({ kind: 'answer', status: code, reason, message, eventId: 'loft700123' });
      return get('/loft700123');
    },
    'two at once': async (simulator, get) => {
      simulator.addFault({ kind: 'answer', status: 409, reason: 'conflict', message: 'Conflict' });
      return get('/loft700123');
    },
    'watch without https': async (simulator) => {
      const requestBody = { id: 'channel-1', type: 'web_hook', address: 'http://sync.example/webhook' };
      return refused(googleClient(simulator).events.watch({ calendarId: BAY, requestBody }));
    },
    quota: async (simulator, get) => {
      const message = 'Calendar usage limits exceeded.';
      simulator.addFault({ kind: 'answer', status: 403, reason: 'quotaExceeded', message });
      return get('/loft700123');
    },
  };
  it('every recorded error has a test of its own', () => {
    expect(Object.keys(errors)).to.have.members(Object.keys(SAMPLES.errors));
  });

  for (const [name, provoke] of Object.entries(errors)) {
    it(`the error "${name}"`, async () => {
      const { simulator, get } = await withMirror();
      expect(await provoke(simulator, get)).to.deep.equal(SAMPLES.errors[name]);
    });
  }
});

async function refused(call: Promise<unknown>): Promise<unknown> {
  const error: unknown = await call.catch((reason: unknown) => reason);
  return (error as { response: { data: unknown } }).response.data;
}
